/* From a page of rules to another, in the same workspace. */
import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';

export function useOpen(): (path: string, search?: Record<string, string>, replace?: boolean) => void {
	const navigate = useNavigate();
	return useCallback((path, search = {}, replace = false) => void navigate({ to: path, search: (old: { workspace?: string }) => ({ ...(old.workspace ? { workspace: old.workspace } : {}), ...search }), replace } as never), [navigate]);
}
