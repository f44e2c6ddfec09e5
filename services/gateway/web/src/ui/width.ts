/* Whether the window is narrower than something needs, as React follows it. */
import { useSyncExternalStore } from 'react';

const onWidth = (changed: () => void) => {
	addEventListener('resize', changed);
	return () => removeEventListener('resize', changed);
};

export const useNarrow = (px: number): boolean => useSyncExternalStore(onWidth, () => innerWidth < px);
