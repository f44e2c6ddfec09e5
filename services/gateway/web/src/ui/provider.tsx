/* The component library's set-up: theme, dark greys from our tokens, class names for our look.
   Only files of this folder import the library. */
import '@mantine/core/styles/default-css-variables.css';
import '@mantine/core/styles/baseline.css';
import '@mantine/core/styles/global.css';
import '@mantine/core/styles/UnstyledButton.css';
import '@mantine/core/styles/ScrollArea.css';
import '@mantine/core/styles/Paper.css';
import '@mantine/core/styles/Popover.css';
import '@mantine/core/styles/Overlay.css';
import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Modal.css';
import '@mantine/core/styles/Drawer.css';
import '@mantine/core/styles/Input.css';
import '@mantine/core/styles/Combobox.css';
import './tokens.css';
import './base.css';
import './mantine.css';
import { createTheme, MantineProvider, type MantineColorsTuple } from '@mantine/core';
import type { ReactNode } from 'react';

const grey: MantineColorsTuple = ['#eceef2', '#b6bdc8', '#99a2b0', '#6b7482', '#3c444f', '#2a3038', '#20252c', '#14171c', '#111419', '#0f1115'];
const accent: MantineColorsTuple = ['#edf1fe', '#dbe3fd', '#b7c5fb', '#8fa4f6', '#6b86f0', '#4865e2', '#3b5bdb', '#3350c6', '#2f49b8', '#243a94'];

const theme = createTheme({
	fontFamily: "'Inter Variable', system-ui, sans-serif",
	primaryColor: 'accent',
	primaryShade: { light: 6, dark: 5 },
	colors: { dark: grey, accent },
	defaultRadius: 8,
	respectReducedMotion: true,
	focusRing: 'never', /* base.css draws one ring for everything */
});

export function UiProvider({ scheme, children }: { scheme: 'light' | 'dark'; children: ReactNode }) {
	return <MantineProvider theme={theme} forceColorScheme={scheme}>{children}</MantineProvider>;
}
