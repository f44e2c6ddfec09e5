/* A note without its marks, for a line of it. */
export const unmarked = (note: string): string => plainOf(note).replace(/\*\*(.+?)\*\*/g, '$1').replace(/(^|\s)_([^_\n]+)_(?=$|[\s.,;:!?])/g, '$1$2').replace(/^(#{1,3}|[-*])\s+/gm, '').replace(/\[([^\]\n]+)\]\((?:https?:|mailto:)[^\s()]+\)/g, '$1');

/* A text with its mentions as one reads them, for where nothing can be pressed: a title, a row, what is said aloud. */
export const plainOf = (text: string): string => text.replace(/@\{\w+:[0-9a-f-]{36}\|([^{}|\r\n]+)\}/g, '@$1');
