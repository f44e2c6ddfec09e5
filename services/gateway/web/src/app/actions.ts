/* What any page may ask of the frame around it. */
import { createContext, useContext } from 'react';
import type { Actions } from './hotkeys';

export const ShellActions = createContext<Actions | null>(null);

export function useActions(): Actions {
	const actions = useContext(ShellActions);
	if (!actions)
		throw new Error('no shell');
	return actions;
}
