/* Around every page: the theme, the toasts, the server-state client. Knows no page. */
import { QueryClientProvider } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { queryClient } from '../api/queries';
import { useT } from '../i18n';
import { UiProvider } from '../ui/provider';
import { Toasts } from '../ui/toast';
import { usePrefs } from './prefs';

export function RootFrame({ children }: { children: ReactNode }) {
	const { scheme } = usePrefs();
	const t = useT();
	return (
		<QueryClientProvider client={queryClient}>
			<UiProvider scheme={scheme}>
				{children}
				<Toasts closeLabel={t('common.close')} regionLabel={t('common.notifications')} />
			</UiProvider>
		</QueryClientProvider>
	);
}
