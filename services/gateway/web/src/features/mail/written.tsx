/* A text of ours as whoever gets it sees it: its marks shown, and the pictures that went along where they were put. Shows no picture of elsewhere. */
import { RichText } from '../mentions/rich';
import { withPictures } from './shown';

export function Written({ text, files }: { text: string; files: ReadonlyArray<{ name: string; type: string; url: string }> }) {
	return withPictures(text, files).map((part, at) => (part.file ? <img key={at} src={part.file.url} alt={part.text} style={{ display: 'block', maxWidth: '100%', margin: '8px 0' }} /> : <RichText key={at} text={part.text} workspaceId={null} />));
}
