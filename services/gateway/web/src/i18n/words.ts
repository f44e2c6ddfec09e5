/* Whose words the screen speaks. A workspace's label profile picks a text's own form, written `key@profile` in the
   catalogue beside the plain `key`, which is said where a profile has no word of its own or several are looked at.
   Holds no word itself, and knows no page. */
import { createContext } from 'react';

export const PROFILES = ['nl', 'classic', 'dynamics', 'shipping', 'commerce'] as const;
export type Profile = typeof PROFILES[number];

/* for what is drawn; null: neutral words */
export const Words = createContext<Profile | null>(null);

/* for what is said outside of a drawing: a toast, a refusal */
let spoken: Profile | null = null;

export function speak(profile: Profile | null): void { spoken = profile; }

export function contextOf(profile: Profile | null = spoken): { context?: string } {
	return profile ? { context: profile } : {};
}

/* the one profile of these workspaces; several that differ have no words in common but the neutral ones */
export function profileOf(workspaces: ReadonlyArray<{ label_profile: string }>): Profile | null {
	const first = workspaces[0]?.label_profile;
	return workspaces.every((one) => one.label_profile === first) ? (PROFILES.find((one) => one === first) ?? null) : null;
}
