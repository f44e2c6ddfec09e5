/* The field that notes and messages are written in: a plain textarea that grows, with an @ picker of people and records. What it
   gives its form holds mentions as tokens; what one sees and edits are names, marked by a layer behind the text. */
import { type KeyboardEvent, type ReactNode, type Ref, useEffect, useId, useImperativeHandle, useLayoutEffect, useRef, useState } from 'react';
import { useT } from '../../i18n';
import { type Candidate, useCandidates } from './model';
import { Picker } from './picker';
import { chosen, type Draft, draftOf, edited, type MentionKind, storedOf, type Wanted, wantedAt } from './tokens';
import './mentions.css';


export interface MentionHandle { focus(): void; area: HTMLTextAreaElement | null; /* opens the picker over a name that was typed */ ask(name: string): boolean }

export interface MentionFieldProps {
	value: string;
	onChange(stored: string): void;
	/* whose people and records are offered; null: of all */
	workspace: string | null;
	label?: string;
	name?: string;
	rows?: number;
	maxLength?: number;
	placeholder?: string;
	required?: boolean;
	invalid?: boolean;
	describedBy?: string | undefined;
	className?: string;
	innerRef?: Ref<MentionHandle>;
	onKeyDown?(event: KeyboardEvent<HTMLTextAreaElement>): void;
	id?: string;
	autoFocus?: boolean;
	/* Escape in it is the form's, not the dialog's around it */
	keepsEscape?: boolean;
}

export function MentionField({ value, onChange, workspace, label, name, rows = 2, maxLength, placeholder, required, invalid, describedBy, className, innerRef, onKeyDown, id, autoFocus, keepsEscape }: MentionFieldProps) {
	const t = useT();
	const listId = useId();
	const area = useRef<HTMLTextAreaElement>(null);
	const back = useRef<HTMLDivElement>(null);
	const sent = useRef(value);
	const [draft, setDraft] = useState<Draft>(() => draftOf(value));
	const [caret, setCaret] = useState(0);
	const [inside, setInside] = useState(false);
	const [closed, setClosed] = useState<number | null>(null);
	const [asked, setAsked] = useState<Wanted | null>(null);
	const [at, setAt] = useState(0);
	const next = useRef<Draft | null>(null);
	const waits = useRef<string | null>(null);
	const caretTo = useRef<number | null>(null);

	/* the form put something else there */
	if (value !== sent.current) {
		sent.current = value;
		setDraft(draftOf(value));
		setAsked(null);
	}

	const wanted = asked ?? (inside ? wantedAt(draft, caret) : null);
	const open = wanted !== null && wanted.at !== closed;
	const { data, isPlaceholderData, isFetching } = useCandidates(wanted?.q ?? '', wanted?.kind ?? null, workspace, open);
	const fresh = data !== undefined && !isPlaceholderData;
	/* an answer is under way; where none comes (no connection, refused) the keys are the text's again */
	const pending = open && !fresh && isFetching;
	const found = open && data && (fresh || pending) ? data : [];
	const shown = open && found.length > 0;
	const q = wanted?.q ?? '';
	const active = Math.min(at, found.length - 1);
	useEffect(() => { setAt(0); }, [q, wanted?.at]);

	const put = (made: Draft) => {
		setDraft(made);
		sent.current = storedOf(made);
		onChange(sent.current);
	};
	const choose = (one: Candidate | undefined) => {
		const place = area.current;
		if (!one || !wanted || !place)
			return;
		const made = chosen(draft, wanted.at, wanted.end, one);
		setAsked(null);
		/* as if it was typed: Ctrl+Z takes it back */
		next.current = made.draft;
		place.focus();
		place.setSelectionRange(wanted.at, wanted.end);
		const typed = made.draft.text.slice(wanted.at, made.draft.text.length - (draft.text.length - wanted.end));
		if (!document.execCommand('insertText', false, typed) || place.value !== made.draft.text)
			put(made.draft);
		next.current = null;
		caretTo.current = made.caret;
		place.setSelectionRange(made.caret, made.caret);
		setCaret(made.caret);
	};
	/* where a text is put and not typed, the cursor would be at its end */
	useLayoutEffect(() => {
		if (caretTo.current !== null && area.current && area.current.selectionStart !== caretTo.current)
			area.current.setSelectionRange(caretTo.current, caretTo.current);
		caretTo.current = null;
	}, [draft]);
	/* Enter came before the answer to what was typed */
	useEffect(() => {
		if (pending || !waits.current)
			return;
		const key = waits.current;
		waits.current = null;
		if (open && fresh && found.length)
			choose(found[0]);
		else if (open && key === 'Enter') /* nothing to choose: it meant the text */
			area.current?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
	});

	useImperativeHandle(innerRef, () => ({
		focus: () => area.current?.focus(),
		get area() { return area.current; },
		ask: (typed) => {
			const begin = draft.text.toLowerCase().indexOf(typed.toLowerCase());
			if (begin < 0)
				return false;
			area.current?.focus();
			area.current?.setSelectionRange(begin + typed.length, begin + typed.length);
			const kind = /^@(\w+):\s?(.*)$/s.exec(typed);
			setClosed(null);
			setAsked({ at: begin, end: begin + typed.length, q: kind?.[2] ?? typed.slice(1), kind: (kind?.[1]?.toLowerCase() ?? null) as MentionKind | null });
			return true;
		},
	}));

	const key = (event: KeyboardEvent<HTMLTextAreaElement>) => {
		const place = event.currentTarget;
		if (event.nativeEvent.isComposing)
			return;
		if (open && (shown || pending)) {
			const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
			const take = (event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey && !event.ctrlKey && !event.metaKey;
			if (step && found.length)
				setAt((active + step + found.length) % found.length);
			else if (take && fresh)
				choose(found[active]);
			else if (take)
				waits.current = event.key;
			else if (event.key === 'Escape')
				setClosed(wanted.at);
			else {
				onKeyDown?.(event);
				return;
			}
			event.preventDefault();
			event.stopPropagation();
			return;
		}
		/* a mention goes as a whole */
		if (event.key === 'Backspace' && !event.ctrlKey && !event.metaKey && !event.altKey && place.selectionStart === place.selectionEnd) {
			const span = draft.spans.find((one) => one.end === place.selectionStart);
			if (span)
				place.setSelectionRange(span.at, span.end);
		}
		onKeyDown?.(event);
	};

	const marks: ReactNode[] = [];
	let done = 0;
	for (const span of draft.spans) {
		marks.push(draft.text.slice(done, span.at), <mark key={span.at}>{draft.text.slice(span.at, span.end)}</mark>);
		done = span.end;
	}
	if (wanted && wanted.at >= done) {
		marks.push(draft.text.slice(done, wanted.at), <span key="at" data-at>@</span>);
		done = wanted.at + 1;
	}
	marks.push(draft.text.slice(done), '\u200b');

	return (
		<div className={`mf ${className ?? ''}`}>
			<div ref={back} className="lw-input mf-back" aria-hidden="true">{marks}</div>
			<textarea ref={area} className="lw-input mf-area" name={name} id={id} rows={rows} maxLength={maxLength} value={draft.text} placeholder={placeholder} aria-label={label} aria-required={required || undefined}
				aria-invalid={invalid || undefined} aria-describedby={describedBy} data-autofocus={autoFocus || undefined} data-error={invalid || undefined} data-mantine-stop-propagation={keepsEscape || (open && (shown || pending)) ? 'true' : undefined}
				{...(shown ? { role: 'combobox', 'aria-expanded': true, 'aria-autocomplete': 'list' as const, 'aria-controls': listId, 'aria-activedescendant': `${listId}-${active}` } : {})}
				onChange={(event) => {
					const { value: text, selectionEnd } = event.currentTarget;
					setAsked(null);
					setCaret(selectionEnd);
					if (!text.includes('@'))
						setClosed(null);
					put(next.current?.text === text ? next.current : edited(draft, text, selectionEnd));
				}}
				onSelect={(event) => {
					setCaret(event.currentTarget.selectionEnd);
					if (asked && event.currentTarget.selectionEnd !== asked.end)
						setAsked(null);
				}}
				onScroll={(event) => { if (back.current) back.current.scrollTop = event.currentTarget.scrollTop; }}
				onFocus={() => setInside(true)} onBlur={() => { setInside(false); setAsked(null); }} onKeyDown={key} />
			<span role="status" className="hidden-text">{open && fresh ? (found.length ? t('mention.found', { count: found.length }) : q ? t('mention.none') : '') : ''}</span>
			{shown && <Picker id={listId} found={found} active={active} q={q} back={back} area={area} onActive={setAt} onChoose={choose} />}
		</div>
	);
}
