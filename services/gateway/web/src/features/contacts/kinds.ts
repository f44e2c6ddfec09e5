/* What a contact is to the workspace: the five types, each with its colour and icon; the colour of a chip is that of the row's pill. */
import type { IconName } from '../../ui/icons';

export const TYPES = ['customer', 'contractor', 'vendor', 'partner', 'other'] as const;
export type ContactType = typeof TYPES[number];
export const TONE: Record<ContactType, string> = { customer: 'stage-blue', contractor: 'stage-orange', vendor: 'stage-purple', partner: 'stage-green', other: 'stage-grey' };
export const ICON: Record<ContactType, IconName> = { customer: 'building', contractor: 'tool', vendor: 'package', partner: 'partner', other: 'user' };
/* those of the catalogue by their key; one of the workspace's own is grey */
export const STATUS_TONE: Record<string, string> = { lead: 'stage-blue', active: 'stage-orange', customer: 'stage-green', former: 'stage-grey' };
