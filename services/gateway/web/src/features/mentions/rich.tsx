/* A note with its marks and mentions, as it reads. */
import { type ReactNode, useMemo } from 'react';
import type { Id } from '../../api/types';
import { blocksOf, type Inline } from './marks';
import { MentionOne } from './text';

export function RichText({ text, workspaceId }: { text: string; workspaceId: Id | null }) {
	const blocks = useMemo(() => blocksOf(text), [text]);
	const parts = (all: readonly Inline[]): ReactNode => all.map((one, at): ReactNode => {
		switch (one.kind) {
		case 'text': return one.text;
		case 'mention': return <MentionOne key={at} mention={one.mention} workspaceId={workspaceId} />;
		case 'b': return <strong key={at}>{parts(one.parts)}</strong>;
		case 'i': return <em key={at}>{parts(one.parts)}</em>;
		case 'link': return <a key={at} className="link" href={one.href} target="_blank" rel="noreferrer noopener nofollow">{parts(one.parts)}</a>;
		}
	});
	return (
		<div className="rich">{blocks.map((block, at) => {
			switch (block.kind) {
			case 'p': return <p key={at} className="prewrap">{parts(block.parts)}</p>;
			case 'h': return <p key={at}><strong>{parts(block.parts)}</strong></p>;
			case 'ul': return <ul key={at}>{block.items.map((item, index) => <li key={index}>{parts(item)}</li>)}</ul>;
			case 'ol': return <ol key={at}>{block.items.map((item, index) => <li key={index}>{parts(item)}</li>)}</ol>;
			}
		})}</div>
	);
}
