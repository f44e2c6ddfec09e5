/* The parts of the catalogues, as the build cuts them (far.ts): words/nl.near and the like. */
declare module 'words/*' {
	const words: Record<string, string>;
	export default words;
}
