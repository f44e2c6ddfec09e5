/* A switch: on or off at once, without a form around it. Says which by its knob and to a screen reader, never by colour alone. */
import './rules.css';

export function Switch({ label, checked, onChange, disabled, name }: { label: string; checked: boolean; onChange(checked: boolean): void; disabled?: boolean; name?: string }) {
	return (
		<button type="button" role="switch" className="rule-switch" aria-checked={checked} aria-label={label} disabled={disabled} data-name={name} onClick={() => onChange(!checked)}>
			<span aria-hidden="true" />
		</button>
	);
}
