/* What the fields of contacts and accounts are called where a merge names them. */
import type { Key } from '../../i18n';

const LABELS: Readonly<Record<string, Key>> = {
	name: 'field.name', first_name: 'merge.first_name', last_name: 'merge.last_name', email: 'field.email', phone: 'field.phone', company: 'field.company',
	account_id: 'field.account', type: 'merge.type', status: 'field.status', job_title: 'merge.job_title', notes: 'merge.notes', user_id: 'merge.user', owner_id: 'field.owner',
	industry: 'merge.industry', website: 'merge.website', address: 'merge.address', postcode: 'merge.postcode', city: 'merge.city', country: 'merge.country',
	annual_revenue: 'merge.annual_revenue', registration_no: 'merge.registration_no', vat_no: 'merge.vat_no', account_type: 'merge.account_type',
	onboarding_status: 'merge.onboarding', primary_contact_id: 'merge.primary', custom: 'merge.custom', roles: 'merge.roles', lifecycle: 'merge.lifecycle', client_at: 'merge.client_at',
};
export const fieldLabel = (field: string): Key => LABELS[field] ?? 'merge.other';
