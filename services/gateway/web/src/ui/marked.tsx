/* A text with the words that were searched for marked in it. */
import { pieces } from '../lib/marks';

export function Marked({ text, words }: { text: string; words: readonly string[] }) {
	return words.length ? <>{pieces(text, words).map((piece, at) => piece.hit ? <mark key={at}>{piece.text}</mark> : piece.text)}</> : <>{text}</>;
}
