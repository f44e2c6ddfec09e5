/* A text with its mentions as one reads them, for where nothing can be pressed: a title, a row, what is said aloud. */
export const plainOf = (text: string): string => text.replace(/@\{\w+:[0-9a-f-]{36}\|([^{}|\r\n]+)\}/g, '@$1');
