/* The names of keys as this person's keyboard has them: ⌘ for Ctrl on a Mac. */
export const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

/* `Ctrl K` and the like, a blank between keys */
export function keyNames(keys: string, space: string, mac = isMac): string[] {
	return keys.split(' ').map((key) => key === 'Space' ? space : key === 'Ctrl' ? (mac ? '⌘' : 'Ctrl') : key === 'Shift' && mac ? '⇧' : key);
}
