export interface Made { title: string; html: string; headings: Array<{ level: number; id: string; text: string }>; text: string; pictures: string[]; links: string[] }
export const GUIDE: string;
export const LANGUAGES: string[];
export function pictureOf(source: string): string;
export function sizeOf(bytes: Buffer): [number, number];
export function pageOf(markdown: string, language: string, more?: { pictures?: (name: string) => string; size?: (name: string) => [number, number] | null | undefined; pages?: string[] | null }): Made;
export function pagesOf(language: string): string[];
export function build(out: string): void;
