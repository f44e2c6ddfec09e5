/* Which dialogs are open, the one on top last. One that is on its way out is there no more. */
export const open: symbol[] = [];
export const anyOpen = (): boolean => open.length > 0;
