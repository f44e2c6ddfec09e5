/* What is said, as types. Made by `crmctl docs types` from proto/; never edited. */
export type Id = string;
export interface Money { amount: string; currency: string }

/** A command of a service is wanted, once whatever is delivered again: that service runs it as if it had been asked, and says what became of it. */
export interface ActionWanted {
	/** which; the command's id */
	action_id: Id;
	/** who does it */
	service: string;
	/** name of a command that stands in asked.def */
	command: string;
	/** its fields, an object */
	body: unknown;
	/** by what right: none, own, team or workspace */
	scope: string;
	/** likewise: bits of permissions.def */
	permissions: number;
	/** likewise: whose right it is */
	by_id: Id;
	/** likewise: their team */
	team_id?: Id | null;
	/** likewise, of scope own: ids of who else counts as them, a team; an array, they stand in it */
	users?: unknown | null;
	/** which rule wants it */
	rule_id?: Id | null;
	/** as it stood then */
	rule_version_id?: Id | null;
	/** which of its steps, from 1 */
	step?: number | null;
	/** where it is written what was decided */
	decision_id?: Id | null;
}

/** A rule is there, is another, or is no more. */
export interface RuleChanged {
	/** which */
	rule_id: Id;
	/** what it is called from now on */
	name: string;
	/** from now on */
	version: number;
	/** it acts */
	enabled: boolean;
	/** it is no more */
	removed: boolean;
	/** which event it hears; absent: a rule of time */
	when_event?: string | null;
}

/** What a rule does about something began, is further or has ended. */
export interface RuleFired {
	/** which */
	firing_id: Id;
	/** of which rule */
	rule_id: Id;
	/** what that is called */
	rule_name: string;
	/** how far it is from now on */
	state: 'running' | 'waiting' | 'done' | 'refused' | 'unmet' | 'stopped' | 'limited';
	/** type of the event that it answers, or time */
	cause: string;
	/** where it is written what was decided */
	decision_id: Id;
	/** what it is about */
	deal_id?: Id | null;
	/** likewise */
	lead_id?: Id | null;
	/** likewise */
	contact_id?: Id | null;
	/** likewise */
	account_id?: Id | null;
	/** likewise */
	document_id?: Id | null;
	/** whose record that is: who may hear this */
	owner_id?: Id | null;
}

/** An endpoint is there, is another, is no more, or was switched off because nothing arrives. */
export interface HookEndpointChanged {
	/** which */
	hook_endpoint_id: Id;
	/** what it is called */
	name: string;
	/** how it is */
	state: 'on' | 'off' | 'gone' | 'failing';
	/** it is no more */
	removed: boolean;
	/** who made it, and is told that it failed */
	owner_id?: Id | null;
}

/** What became of a command of this service that an event asked for. */
export interface HookActionSettled {
	/** which action_wanted; told again when that was delivered again */
	action_id: Id;
	/** what became of it */
	state: 'done' | 'refused';
	/** refused: the error's code */
	code?: string | null;
	/** refused: more than the error's own sentence */
	detail?: string | null;
	/** done: the record made or changed */
	record_id?: Id | null;
	/** done: its short number */
	number?: number | null;
	/** done: its version */
	version?: number | null;
}

/** There is a new workspace; each service takes its part of the preset. */
export interface WorkspaceCreated {
	/** which; the head's workspace */
	workspace_id: Id;
	/** whose */
	agency_id: Id;
	/** short name in URLs; client_id in hooks */
	slug: string;
	/** what people call it */
	name: string;
	/** nl or en */
	language: string;
	/** ISO 4217 */
	currency: string;
	/** IANA */
	timezone: string;
	/** ISO 3166: how phone numbers without country code are read */
	country: string;
	/** its name */
	preset: string;
	/** the preset, see proto/presets/README.md */
	content: unknown;
	/** who owns what nobody else does */
	default_owner_id?: Id | null;
	/** it is an agency's home: identity and requests that reach no client; no deals */
	home: boolean;
}

/** A workspace's own settings changed. */
export interface WorkspaceUpdated {
	/** which */
	workspace_id: Id;
	/** from now on */
	name: string;
	/** from now on */
	default_owner_id?: Id | null;
	/** from now on; absent: as it was */
	convert_on_won?: 'automatic' | 'button' | null;
}

/** A workspace is no more; each service takes away what it kept of it. */
export interface WorkspaceRemoved {
	/** which; the head's workspace */
	workspace_id: Id;
}

/** The demo of an agency is gone: what was made for it in the agency's home goes too. Said in that home. */
export interface DemoEnded {
	/** whose */
	agency_id: Id;
}

/** A person joined a workspace, left it, or changed role. */
export interface MemberChanged {
	/** who */
	user_id: Id;
	/** their name */
	name: string;
	/** their e-mail */
	email: string;
	/** role key */
	role: string;
	/** no: left or disabled */
	active: boolean;
	/** their team there */
	team_id?: Id | null;
}

/** All that a member owned in a workspace is another one's; each service hands over its own. */
export interface MemberHandedOver {
	/** who owned it */
	user_id: Id;
	/** who does now */
	to_id: Id;
}

/** What a preset once set was changed; each service takes its part. */
export interface WorkspacePresetChanged {
	/** which; the head's workspace */
	workspace_id: Id;
	/** its preset from now on */
	preset: string;
	/** what changed, as proto/presets/README.md has it; a preset taken over whole has pipelines */
	content: unknown;
}

/** A role of an agency sees or may something else; said in the agency's home workspace. */
export interface RoleChanged {
	/** its key */
	role: string;
}

/** A session or API key is good no longer. */
export interface SessionEnded {
	/** whose; without session and key: all of theirs */
	user_id?: Id | null;
	/** which session, or link to a calendar */
	session_id?: Id | null;
	/** which key */
	apikey_id?: Id | null;
}

/** What a user may do or how they like it changed; said in the agency's home workspace. */
export interface UserChanged {
	/** who */
	user_id: Id;
	/** may not log in */
	disabled: boolean;
	/** their rights changed, not only their preferences */
	rights: boolean;
}

/** Somebody likes a page otherwise from now on: their other devices read it again. */
export interface PrefsChanged {
	/** who */
	user_id: Id;
	/** which page */
	place: string;
	/** one more at each change */
	version: number;
}

/** Somebody looked at their news or marked some: their other devices count anew. */
export interface NoticesChanged {
	/** who */
	user_id: Id;
	/** all up to there is read */
	seen?: string | null;
	/** array of ids: these were marked one by one */
	ids?: unknown | null;
	/** as new again; absent: as read */
	unread?: boolean | null;
}

/** How somebody of a workspace is told of news: in which language, of what and by which way; and how much they see there. */
export interface ReaderChanged {
	/** who; the head's workspace says where */
	user_id: Id;
	/** role key; of the agency's admins admin */
	role: string;
	/** which records they see: none, own, team, workspace or all */
	scope: string;
	/** their team there */
	team_id?: Id | null;
	/** nl or en; absent: the workspace's */
	language?: string | null;
	/** what they chose, by kind: {lead_bell, lead_desktop: flags, lead_mail: now, digest or never …}; what is absent is as usual */
	choices: unknown;
	/** the workspace's short name in addresses */
	slug: string;
	/** they read the team's conversation there; absent: not */
	chats?: boolean | null;
}

/** A view was kept, changed or taken away. */
export interface ViewChanged {
	/** which */
	view_id: Id;
	/** whose it is */
	by_id: Id;
	/** of which page */
	place: string;
	/** everybody of the workspace saw it, or sees it */
	shared: boolean;
	/** it is no more */
	removed: boolean;
}

/** A file that came with a request; its bytes lie in CRM_FILES under their hash. */
export interface Upload {
	/** which file */
	file_id: Id;
	/** the form field it came in */
	field?: string | null;
	/** its name, cleaned for display */
	name: string;
	/** its media type as the sender said */
	type: string;
	/** bytes */
	size: number;
	/** hex; its name on disk */
	sha256: string;
}

/** There is a new way in. Its key and secret stay with lead-intake. */
export interface SourceAdded {
	/** which */
	source_id: Id;
	/** what it understands */
	kind: 'generic' | 'web_form' | 'agency' | 'elementor' | 'contact_form_7' | 'gravity_forms' | 'zapier' | 'records' | 'make' | 'typeform' | 'tally' | 'webflow' | 'google_ads' | 'google_forms' | 'meta' | 'whatsapp' | 'hubspot' | 'calendly' | 'tawk' | 'crisp' | 'intercom' | 'linkedin';
	/** what people call it */
	name?: string | null;
}

/** A way in is another, has another key, is no more, or is there again. Its keys and secrets stay with lead-intake. */
export interface SourceChanged {
	/** which */
	source_id: Id;
	/** what it understands */
	kind: 'generic' | 'web_form' | 'agency' | 'elementor' | 'contact_form_7' | 'gravity_forms' | 'zapier' | 'records' | 'make' | 'typeform' | 'tally' | 'webflow' | 'google_ads' | 'google_forms' | 'meta' | 'whatsapp' | 'hubspot' | 'calendly' | 'tawk' | 'crisp' | 'intercom' | 'linkedin';
	/** what people call it from now on */
	name?: string | null;
	/** from now on */
	version: number;
	/** it is no more */
	removed: boolean;
}

/** A request that was kept is something else now: it was read again, or somebody said that it is a lead. Its leads are told before it. */
export interface SubmissionSettled {
	/** which */
	submission_id: Id;
	/** the way in */
	source_id?: Id | null;
	/** from now on */
	outcome: 'lead' | 'duplicate' | 'spam' | 'bad_request' | 'bad_signature' | 'no_workspace' | 'records' | 'test' | 'talk' | 'fetch' | 'booking' | 'noted';
	/** until then */
	old_outcome: 'lead' | 'duplicate' | 'spam' | 'bad_request' | 'bad_signature' | 'no_workspace' | 'records' | 'test' | 'talk' | 'fetch' | 'booking' | 'noted';
	/** how many there are of it */
	leads: number;
	/** nobody's: only who sees the whole workspace hears it */
	owner_id?: Id | null;
}

/** Another system said something, through a way in of kind records. In the order in which it came. */
export interface RecordPushed {
	/** the request it came in */
	submission_id: Id;
	/** the way in */
	source_id?: Id | null;
	/** its place in the request, from 0 */
	place: number;
	/** what it is about, as a key: order/shop/1001 */
	what: string;
	/** what it is; absent: a fact, or something about the company */
	kind?: 'order' | 'invoice' | 'quote' | 'ticket' | 'project' | 'device' | 'asset' | 'loyalty' | 'conversation' | 'file' | 'other' | null;
	/** which system says so; absent: the name that the way in gives it */
	system?: string | null;
	/** its id there */
	external_id?: string | null;
	/** of this company: its name whatever its case, or its id here */
	account?: string | null;
	/** the company's id in that system: said once beside account, good from then on */
	account_external?: string | null;
	/** of this person, and of their company */
	email?: string | null;
	/** what it is called */
	title?: string | null;
	/** how it stands, in the other system's own words */
	status?: string | null;
	/** what it is worth */
	amount?: Money | null;
	/** how many are in it: points, messages, lines */
	count?: number | null;
	/** the beginning of it */
	excerpt?: string | null;
	/** where it is kept: http or https */
	url?: string | null;
	/** whose it is there */
	assignee?: string | null;
	/** when it was made there */
	occurred_at?: string | null;
	/** further members, kept as they are: an object */
	data?: unknown | null;
	/** when it became so there: what is older than what is known is skipped */
	updated_at?: string | null;
	/** it is no more there */
	deleted?: boolean | null;
	/** client: the company is one from now on; an order or an invoice says so by itself */
	lifecycle?: 'prospect' | 'client' | null;
	/** a fact, shown there */
	panel?: 'onboarding' | 'metrics' | 'integrations' | 'marketing' | 'balance' | null;
	/** which fact: a-z, 0-9, _ . - */
	key?: string | null;
	/** what the fact is called: {en, nl} */
	label?: unknown | null;
	/** a text, a number, true or false, or {amount, currency}; null: it is known no more */
	value?: unknown | null;
	/** of what */
	unit?: string | null;
	/** since when the fact is so: an older one is skipped */
	as_of?: string | null;
	/** the system says something at least every so many seconds: longer without a word, and it is away */
	every?: number | null;
	/** nobody's yet: only who sees the whole workspace hears it */
	owner_id?: Id | null;
}

/** What another system said could not be read: it is kept as it came, and nothing of it was taken. */
export interface RecordRefused {
	/** the request */
	submission_id: Id;
	/** the way in */
	source_id?: Id | null;
	/** which system sends to it */
	system: string;
	/** why */
	reason: string;
	/** nobody's: only who sees the whole workspace hears it */
	owner_id?: Id | null;
}

/** Somebody asked for something. */
export interface LeadCreated {
	/** which lead */
	lead_id: Id;
	/** its short number in the workspace */
	number: number;
	/** the request it came in */
	submission_id?: Id | null;
	/** the way in */
	source_id?: Id | null;
	/** catalogue value */
	source: string;
	/** what kind of form */
	form_type: string;
	/** full name */
	name: string;
	/** given name when asked for */
	first_name?: string | null;
	/** family name when asked for */
	last_name?: string | null;
	/** company as typed */
	company?: string | null;
	/** lower case */
	email?: string | null;
	/** E.164 where it could be told */
	phone?: string | null;
	/** the first 2,000 bytes of what they wrote */
	message?: string | null;
	/** New */
	status: 'New' | 'Contacted' | 'Qualified';
	/** whose it is */
	owner_id?: Id | null;
	/** files that came with it */
	files?: Upload[] | null;
	/** catalogue value for its deal, as whoever made it by hand said */
	locale?: string | null;
	/** the same: how many it sends a month */
	monthly_shipments?: number | null;
	/** the same: the stage it begins in, key or id */
	stage?: string | null;
	/** which language they read, as ISO 639-1 has it (nl, en, de …); absent: nobody said it */
	language?: string | null;
	/** what they agreed to or did not: {given, news: and to news by mail, text, version, at, page}; absent: nobody asked */
	consent?: unknown | null;
}

/** An appointment of a lead was made, moved or called off in a calendar of another system, or nobody came. It is said behind its lead. */
export interface BookingTold {
	/** which: the activity that it is here, whatever its time */
	activity_id: Id;
	/** whose appointment it is */
	lead_id: Id;
	/** the source that said it */
	source_id?: Id | null;
	/** counts what was told of it: who heard a later one has heard this */
	version: number;
	/** what happened to it */
	state: 'booked' | 'moved' | 'cancelled' | 'no_show' | 'showed';
	/** what it is called */
	title?: string | null;
	/** when it begins, from now on */
	starts_at?: string | null;
	/** when it ends */
	ends_at?: string | null;
	/** where: an address, or that of a call */
	place?: string | null;
	/** who called it off */
	by?: string | null;
	/** why, in their words */
	reason?: string | null;
	/** whose lead it is */
	owner_id?: Id | null;
}

/** One field of a record that changed. */
export interface Change {
	/** its name */
	field: string;
	/** before; absent: empty */
	old?: string | null;
	/** after; absent: empty */
	new?: string | null;
}

/** A lead's fields changed. */
export interface LeadUpdated {
	/** which lead */
	lead_id: Id;
	/** its version from now on */
	version: number;
	/** what changed */
	changes: Change[];
	/** its status from now on */
	status: 'New' | 'Contacted' | 'Qualified';
	/** whose it is from now on */
	owner_id?: Id | null;
	/** whose it was, when that changed */
	old_owner_id?: Id | null;
}

/** A lead became an opportunity. */
export interface LeadQualified {
	/** which lead */
	lead_id: Id;
	/** its version from now on */
	version: number;
	/** whose it is */
	owner_id?: Id | null;
}

/** Leads, requests and files of somebody who asked to be forgotten are empty; nothing more of them comes from here. Its place in the lane is how far that is. */
export interface LeadsErased {
	/** which wish */
	erasure_id: Id;
	/** array of ids: what is known to be about them, leads too from now on */
	ids: unknown;
	/** array of texts: what they are called and reached by; absent once that is erased as well */
	words?: unknown | null;
	/** array of texts: digests of files that lead-intake names no more; who hears this drops those that it does not name either */
	files?: unknown | null;
	/** when it let go of them: bytes that came since are another's */
	files_at?: string | null;
}

/** Something that is begun with a new client. */
export interface OnboardingStep {
	/** ticket, project, or what else it is */
	kind: 'order' | 'invoice' | 'quote' | 'ticket' | 'project' | 'device' | 'asset' | 'loyalty' | 'conversation' | 'file' | 'other';
	/** what it is called */
	title: string;
}

/** A person is known. */
export interface ContactCreated {
	/** which */
	contact_id: Id;
	/** its short number in the workspace */
	number: number;
	/** full name */
	name: string;
	/** given name */
	first_name?: string | null;
	/** family name */
	last_name?: string | null;
	/** lower case */
	email?: string | null;
	/** phone */
	phone?: string | null;
	/** company as typed */
	company?: string | null;
	/** whose it is */
	owner_id?: Id | null;
	/** the account they belong to, when somebody named one */
	account_id?: Id | null;
	/** absent: customer */
	type?: 'customer' | 'contractor' | 'vendor' | 'partner' | 'other' | null;
	/** catalogue value */
	status?: string | null;
	/** what they do there */
	job_title?: string | null;
}

/** A person's fields changed; old and new values. */
export interface ContactUpdated {
	/** which */
	contact_id: Id;
	/** its version from now on */
	version: number;
	/** full name from now on */
	name: string;
	/** company from now on */
	company?: string | null;
	/** what changed */
	changes: Change[];
	/** the lead that brought the change */
	lead_id?: Id | null;
	/** whose it is */
	owner_id?: Id | null;
	/** whose it was, when that changed */
	old_owner_id?: Id | null;
	/** the contact's e-mail from now on */
	email?: string | null;
	/** the contact's phone from now on */
	phone?: string | null;
}

/** A contact was thrown away; for 30 days they can come back. */
export interface ContactTrashed {
	/** which */
	contact_id: Id;
	/** their version from now on */
	version: number;
	/** full name */
	name: string;
	/** whose it is */
	owner_id?: Id | null;
}

/** A contact that was thrown away is back, as they were. */
export interface ContactRestored {
	/** which */
	contact_id: Id;
	/** their version from now on */
	version: number;
	/** full name */
	name: string;
	/** whose it is */
	owner_id?: Id | null;
}

/** The answer to every lead: which contact it is, or none. */
export interface LeadContactLinked {
	/** which lead */
	lead_id: Id;
	/** its contact; absent where contacts are not made at intake */
	contact_id?: Id | null;
	/** the contact's name */
	name?: string | null;
	/** the contact's company */
	company?: string | null;
	/** the contact is new */
	made: boolean;
	/** whose lead it is */
	owner_id?: Id | null;
	/** the contact's e-mail from now on */
	email?: string | null;
	/** the contact's phone from now on */
	phone?: string | null;
}

/** The answer to every deal made by hand that names a contact: who it is, or that there is none such. */
export interface DealContactLinked {
	/** which deal */
	deal_id: Id;
	/** its contact; absent: the workspace has none of that id */
	contact_id?: Id | null;
	/** the contact's name */
	name?: string | null;
	/** the contact's company */
	company?: string | null;
	/** whose deal it is */
	owner_id?: Id | null;
	/** the contact's e-mail from now on */
	email?: string | null;
	/** the contact's phone from now on */
	phone?: string | null;
}

/** Somebody did something about a record, or is going to. */
export interface ActivityAdded {
	/** which */
	activity_id: Id;
	/** what */
	kind: 'call' | 'whatsapp' | 'email' | 'sms' | 'meeting' | 'task' | 'note' | 'other';
	/** what it is about */
	about: 'lead' | 'deal' | 'contact' | 'account';
	/** which of these; a lead and its deal bear one id */
	record_id: Id;
	/** what it is about, in a line */
	subject?: string | null;
	/** the whole of it */
	note?: string | null;
	/** when it is to be done */
	due_at?: string | null;
	/** how long it took or is to take */
	duration_minutes?: number | null;
	/** when it was done; absent: it is not */
	done_at?: string | null;
	/** by whom */
	done_by?: Id | null;
	/** when its owner is reminded */
	remind_at?: string | null;
	/** how much it presses */
	priority: 'low' | 'medium' | 'high';
	/** whose activity it is */
	assignee_id?: Id | null;
	/** whose record it is about: who may hear this */
	owner_id?: Id | null;
}

/** An activity is another: as it is from now on. */
export interface ActivityChanged {
	/** which */
	activity_id: Id;
	/** its version from now on */
	version: number;
	/** what */
	kind: 'call' | 'whatsapp' | 'email' | 'sms' | 'meeting' | 'task' | 'note' | 'other';
	/** what it is about */
	about: 'lead' | 'deal' | 'contact' | 'account';
	/** which of these */
	record_id: Id;
	/** what it is about, in a line */
	subject?: string | null;
	/** the whole of it */
	note?: string | null;
	/** when it is to be done */
	due_at?: string | null;
	/** how long it took or is to take */
	duration_minutes?: number | null;
	/** when it was done; absent: it is not */
	done_at?: string | null;
	/** by whom */
	done_by?: Id | null;
	/** when its owner is reminded */
	remind_at?: string | null;
	/** how much it presses */
	priority: 'low' | 'medium' | 'high';
	/** whose activity it is */
	assignee_id?: Id | null;
	/** what changed */
	changes: Change[];
	/** whose record it is about: who may hear this */
	owner_id?: Id | null;
}

/** An activity was taken away. */
export interface ActivityRemoved {
	/** which */
	activity_id: Id;
	/** its version from now on */
	version: number;
	/** what it was */
	kind: 'call' | 'whatsapp' | 'email' | 'sms' | 'meeting' | 'task' | 'note' | 'other';
	/** what it was about */
	about: 'lead' | 'deal' | 'contact' | 'account';
	/** which of these */
	record_id: Id;
	/** what it was about, in a line */
	subject?: string | null;
	/** whose activity it was */
	assignee_id?: Id | null;
	/** whose record it was about: who may hear this */
	owner_id?: Id | null;
}

/** An activity that was taken away is back, as it was. */
export interface ActivityRestored {
	/** which */
	activity_id: Id;
	/** its version from now on */
	version: number;
	/** what it is */
	kind: 'call' | 'whatsapp' | 'email' | 'sms' | 'meeting' | 'task' | 'note' | 'other';
	/** what it is about */
	about: 'lead' | 'deal' | 'contact' | 'account';
	/** which of these */
	record_id: Id;
	/** what it is about, in a line */
	subject?: string | null;
	/** whose activity it is */
	assignee_id?: Id | null;
	/** whose record it is about: who may hear this */
	owner_id?: Id | null;
}

/** A company is known. */
export interface AccountCreated {
	/** which */
	account_id: Id;
	/** its short number in the workspace */
	number: number;
	/** what it is called */
	name: string;
	/** what it does */
	industry?: string | null;
	/** phone */
	phone?: string | null;
	/** where it is */
	city?: string | null;
	/** what it turns over a year */
	annual_revenue?: Money | null;
	/** prospect or client */
	lifecycle: 'prospect' | 'client';
	/** the deal that made it */
	deal_id?: Id | null;
	/** whose it is */
	owner_id?: Id | null;
	/** how far it has been set up */
	onboarding_status?: string | null;
	/** its site: a web address */
	website?: string | null;
	/** its e-mail */
	email?: string | null;
	/** street and number */
	address?: string | null;
	/** postcode */
	postcode?: string | null;
	/** country */
	country?: string | null;
	/** number in the register of companies */
	registration_no?: string | null;
	/** VAT number */
	vat_no?: string | null;
	/** catalogue value: what kind of company */
	account_type?: string | null;
	/** what is to be known of it */
	notes?: string | null;
	/** the workspace's own fields, by key */
	custom?: unknown | null;
}

/** An account's fields changed; old and new values. */
export interface AccountUpdated {
	/** which */
	account_id: Id;
	/** its version from now on */
	version: number;
	/** its name from now on */
	name: string;
	/** prospect or client, from now on */
	lifecycle: 'prospect' | 'client';
	/** what changed */
	changes: Change[];
	/** the deal that brought the change */
	deal_id?: Id | null;
	/** whose it is */
	owner_id?: Id | null;
	/** whose it was, when that changed */
	old_owner_id?: Id | null;
	/** how far it has been set up, from now on */
	onboarding_status?: string | null;
	/** who looks after it beside its owner, from now on: {role: user} */
	roles?: unknown | null;
}

/** A record has a file more. */
export interface AttachmentAdded {
	/** which */
	file_id: Id;
	/** what it is about */
	about: 'lead' | 'deal' | 'contact' | 'account';
	/** which of these; a lead and its deal bear one id */
	record_id: Id;
	/** the activity that it came with */
	activity_id?: Id | null;
	/** what it is called */
	name: string;
	/** the media type that its bytes have */
	type: string;
	/** bytes */
	size: number;
	/** of its bytes */
	sha256: string;
	/** whose record it is about: who may hear this */
	owner_id?: Id | null;
}

/** A file was taken away. */
export interface AttachmentRemoved {
	/** which */
	file_id: Id;
	/** what it is about */
	about: 'lead' | 'deal' | 'contact' | 'account';
	/** which of these; a lead and its deal bear one id */
	record_id: Id;
	/** the activity that it came with */
	activity_id?: Id | null;
	/** what it is called */
	name: string;
	/** whose record it is about: who may hear this */
	owner_id?: Id | null;
}

/** A file that was taken away is back. */
export interface AttachmentRestored {
	/** which */
	file_id: Id;
	/** what it is about */
	about: 'lead' | 'deal' | 'contact' | 'account';
	/** which of these; a lead and its deal bear one id */
	record_id: Id;
	/** the activity that it came with */
	activity_id?: Id | null;
	/** what it is called */
	name: string;
	/** whose record it is about: who may hear this */
	owner_id?: Id | null;
}

/** An account lies in the trash. */
export interface AccountTrashed {
	/** which */
	account_id: Id;
	/** its version from now on */
	version: number;
	/** what it is called */
	name: string;
	/** whose it is */
	owner_id?: Id | null;
}

/** An account is out of the trash, as it was. */
export interface AccountRestored {
	/** which */
	account_id: Id;
	/** its version from now on */
	version: number;
	/** what it is called */
	name: string;
	/** prospect or client */
	lifecycle: 'prospect' | 'client';
	/** whose it is */
	owner_id?: Id | null;
	/** how far it has been set up */
	onboarding_status?: string | null;
	/** who looks after it beside its owner: {role: user} */
	roles?: unknown | null;
}

/** An account as it is, said once more for who began to listen after it was made. Nothing changed. */
export interface AccountTold {
	/** which */
	account_id: Id;
	/** what it is called */
	name: string;
	/** prospect or client */
	lifecycle: 'prospect' | 'client';
	/** whose it is */
	owner_id?: Id | null;
	/** how far it has been set up */
	onboarding_status?: string | null;
	/** who looks after it beside its owner: {role: user} */
	roles?: unknown | null;
}

/** The phone of a contact who has deals, said once more for who began to listen after these were made. Nothing changed. */
export interface ContactTold {
	/** which */
	contact_id: Id;
	/** how they are rung */
	phone: string;
	/** whose they are */
	owner_id?: Id | null;
}

/** A company has a place more. */
export interface LocationAdded {
	/** which */
	location_id: Id;
	/** whose place it is */
	account_id: Id;
	/** what it is called */
	name: string;
	/** what it is */
	type: 'office' | 'warehouse' | 'branch' | 'headquarters' | 'distribution_center';
	/** street, postcode and town */
	address?: string | null;
	/** where it is on a map */
	map_url?: string | null;
	/** whose account it is: who may hear this */
	owner_id?: Id | null;
}

/** A company's place is another: as it is from now on. */
export interface LocationChanged {
	/** which */
	location_id: Id;
	/** whose place it is */
	account_id: Id;
	/** its version from now on */
	version: number;
	/** what it is called */
	name: string;
	/** what it is */
	type: 'office' | 'warehouse' | 'branch' | 'headquarters' | 'distribution_center';
	/** street, postcode and town */
	address?: string | null;
	/** where it is on a map */
	map_url?: string | null;
	/** what changed */
	changes: Change[];
	/** whose account it is: who may hear this */
	owner_id?: Id | null;
}

/** A company's place was taken away. */
export interface LocationRemoved {
	/** which */
	location_id: Id;
	/** whose place it is */
	account_id: Id;
	/** its version from now on */
	version: number;
	/** what it is called */
	name: string;
	/** whose account it is: who may hear this */
	owner_id?: Id | null;
}

/** A company's place that was taken away is back, as it was. */
export interface LocationRestored {
	/** which */
	location_id: Id;
	/** whose place it is */
	account_id: Id;
	/** its version from now on */
	version: number;
	/** what it is called */
	name: string;
	/** whose account it is: who may hear this */
	owner_id?: Id | null;
}

/** A deal was won: its company is an account and its person a contact. Said once for a deal. */
export interface DealConverted {
	/** which deal */
	deal_id: Id;
	/** its account; absent: no company was named */
	account_id?: Id | null;
	/** what that is called */
	account_name?: string | null;
	/** its contact; absent: nobody was named */
	contact_id?: Id | null;
	/** what they are called */
	contact_name?: string | null;
	/** their company as typed */
	company?: string | null;
	/** their e-mail */
	email?: string | null;
	/** their phone */
	phone?: string | null;
	/** the lead it came of */
	lead_id?: Id | null;
	/** whose deal it is */
	owner_id?: Id | null;
}

/** It is time for something that somebody wanted to be reminded of. Said once. */
export interface ReminderDue {
	/** which activity */
	activity_id: Id;
	/** what is to be done */
	kind: 'call' | 'whatsapp' | 'email' | 'sms' | 'meeting' | 'task' | 'note' | 'other';
	/** what it is about */
	about: 'lead' | 'deal' | 'contact' | 'account';
	/** which of these */
	record_id: Id;
	/** what it is about, in a line */
	subject?: string | null;
	/** when it is to be done */
	due_at?: string | null;
	/** how much it presses */
	priority: 'low' | 'medium' | 'high';
	/** whose activity it is: whose bell rings */
	assignee_id?: Id | null;
	/** whose record it is about: who may hear this */
	owner_id?: Id | null;
}

/** Somebody else gave a person a lead, a deal, an account or something to do. Said to that person alone; once for all that one action gave them. */
export interface RecordAssigned {
	/** which ring of their bell */
	notice_id: Id;
	/** whose bell rings */
	user_id: Id;
	/** what they were given, or what the activity is about */
	about: 'lead' | 'deal' | 'contact' | 'account';
	/** which of these; of several the first */
	record_id: Id;
	/** the activity they are to do */
	activity_id?: Id | null;
	/** what it is called */
	title?: string | null;
	/** how many, so far */
	count: number;
}

/** A tag, as a record bears it. */
export interface TagMark {
	/** which */
	id: Id;
	/** what it says */
	label: string;
	/** its colour */
	colour: 'grey' | 'blue' | 'purple' | 'orange' | 'green' | 'teal';
}

/** A rule rings somebody's bell. Said to that person alone, once. */
export interface NoticeRung {
	/** which ring */
	notice_id: Id;
	/** whose bell rings */
	user_id: Id;
	/** what it says, in a line */
	title: string;
	/** what it is about; channel: no record */
	about: 'channel' | 'lead' | 'deal' | 'contact' | 'account';
	/** which of these; of the channel the workspace */
	record_id: Id;
	/** whose record it is about: who may see it */
	owner_id?: Id | null;
}

/** A tag is there, is another, or is no more. */
export interface TagChanged {
	/** which */
	tag_id: Id;
	/** what it says from now on */
	label: string;
	/** its colour from now on */
	colour: 'grey' | 'blue' | 'purple' | 'orange' | 'green' | 'teal';
	/** it is no more: nothing bears it */
	removed: boolean;
}

/** A lead, deal, contact or account bears other tags: all that it bears from now on, by label. */
export interface RecordTagged {
	/** which; a lead and its deal bear one id */
	record_id: Id;
	/** what it is */
	about: 'lead' | 'deal' | 'contact' | 'account';
	/** its tags */
	tags: TagMark[];
	/** whose record it is: who may hear this */
	owner_id?: Id | null;
}

/** Somebody said something to the team. */
export interface MessagePosted {
	/** which */
	message_id: Id;
	/** where */
	room: 'channel' | 'lead' | 'deal' | 'contact' | 'account';
	/** which of these: the record, or of the channel the workspace */
	room_id: Id;
	/** 1, 2, 3 … in its room */
	place: number;
	/** who */
	author_id: Id;
	/** what */
	text: string;
	/** whose record it is about: who may hear this */
	owner_id?: Id | null;
}

/** Somebody said it otherwise. */
export interface MessageChanged {
	/** which */
	message_id: Id;
	/** its version from now on */
	version: number;
	/** where */
	room: 'channel' | 'lead' | 'deal' | 'contact' | 'account';
	/** which of these */
	room_id: Id;
	/** its place in the room */
	place: number;
	/** who */
	author_id: Id;
	/** what it says from now on */
	text: string;
	/** whose record it is about: who may hear this */
	owner_id?: Id | null;
}

/** A message was taken away. */
export interface MessageRemoved {
	/** which */
	message_id: Id;
	/** its version from now on */
	version: number;
	/** where */
	room: 'channel' | 'lead' | 'deal' | 'contact' | 'account';
	/** which of these */
	room_id: Id;
	/** its place in the room */
	place: number;
	/** whose record it was about: who may hear this */
	owner_id?: Id | null;
}

/** Somebody has read a room: told to their own devices alone. */
export interface RoomSeen {
	/** who */
	user_id: Id;
	/** where */
	room: 'channel' | 'lead' | 'deal' | 'contact' | 'account';
	/** which of these */
	room_id: Id;
	/** the newest that was read */
	message_id: Id;
	/** its place in the room */
	place: number;
}

/** A record of another system, or one by hand, is known. */
export interface LinkedAdded {
	/** which */
	linked_id: Id;
	/** what it is */
	kind: 'order' | 'invoice' | 'quote' | 'ticket' | 'project' | 'device' | 'asset' | 'loyalty' | 'conversation' | 'file' | 'other';
	/** which system keeps it */
	system: string;
	/** its id there */
	external_id: string;
	/** of this account */
	account_id?: Id | null;
	/** of this contact */
	contact_id?: Id | null;
	/** of this deal */
	deal_id?: Id | null;
	/** what it is called */
	title?: string | null;
	/** how it stands, in the other system's own words */
	status?: string | null;
	/** what it is worth */
	amount?: Money | null;
	/** how many are in it: points, messages, lines */
	count?: number | null;
	/** the beginning of it */
	excerpt?: string | null;
	/** where it is kept: http or https */
	url?: string | null;
	/** whose it is there */
	assignee?: string | null;
	/** when it was made there */
	occurred_at?: string | null;
	/** further members, kept as they are: an object */
	data?: unknown | null;
	/** whose account, contact or deal it is of: who may hear this */
	owner_id?: Id | null;
}

/** A linked record is another: as it is from now on. */
export interface LinkedChanged {
	/** which */
	linked_id: Id;
	/** its version from now on */
	version: number;
	/** what it is */
	kind: 'order' | 'invoice' | 'quote' | 'ticket' | 'project' | 'device' | 'asset' | 'loyalty' | 'conversation' | 'file' | 'other';
	/** which system keeps it */
	system: string;
	/** its id there */
	external_id: string;
	/** of this account */
	account_id?: Id | null;
	/** of this contact */
	contact_id?: Id | null;
	/** of this deal */
	deal_id?: Id | null;
	/** what it is called */
	title?: string | null;
	/** how it stands, in the other system's own words */
	status?: string | null;
	/** what it is worth */
	amount?: Money | null;
	/** how many are in it: points, messages, lines */
	count?: number | null;
	/** the beginning of it */
	excerpt?: string | null;
	/** where it is kept: http or https */
	url?: string | null;
	/** whose it is there */
	assignee?: string | null;
	/** when it was made there */
	occurred_at?: string | null;
	/** further members, kept as they are: an object */
	data?: unknown | null;
	/** what changed */
	changes: Change[];
	/** whose account, contact or deal it is of: who may hear this */
	owner_id?: Id | null;
	/** whose it was, when it moved */
	old_owner_id?: Id | null;
}

/** A linked record was taken away, here or in its system. */
export interface LinkedRemoved {
	/** which */
	linked_id: Id;
	/** its version from now on */
	version: number;
	/** what it was */
	kind: 'order' | 'invoice' | 'quote' | 'ticket' | 'project' | 'device' | 'asset' | 'loyalty' | 'conversation' | 'file' | 'other';
	/** which system kept it */
	system: string;
	/** its id there */
	external_id: string;
	/** of this account */
	account_id?: Id | null;
	/** of this contact */
	contact_id?: Id | null;
	/** of this deal */
	deal_id?: Id | null;
	/** what it was called */
	title?: string | null;
	/** whose account, contact or deal it was of: who may hear this */
	owner_id?: Id | null;
}

/** A linked record is back. */
export interface LinkedRestored {
	/** which */
	linked_id: Id;
	/** its version from now on */
	version: number;
	/** what it is */
	kind: 'order' | 'invoice' | 'quote' | 'ticket' | 'project' | 'device' | 'asset' | 'loyalty' | 'conversation' | 'file' | 'other';
	/** which system keeps it */
	system: string;
	/** its id there */
	external_id: string;
	/** of this account */
	account_id?: Id | null;
	/** of this contact */
	contact_id?: Id | null;
	/** of this deal */
	deal_id?: Id | null;
	/** what it is called */
	title?: string | null;
	/** whose account, contact or deal it is of: who may hear this */
	owner_id?: Id | null;
}

/** What another system said is older than what is known: nothing was changed. */
export interface PushSkipped {
	/** the request it came in */
	submission_id: Id;
	/** what it is about */
	what: string;
	/** when it became so */
	said: string;
	/** as of when it is known */
	known: string;
	/** whose it is about: who may hear this */
	owner_id?: Id | null;
}

/** What another system said waits: whose it is, nobody here is. */
export interface PushWaits {
	/** which */
	push_id: Id;
	/** what it is about */
	what: string;
	/** which system said it */
	system: string;
	/** nobody's yet: only who sees the whole workspace hears it */
	owner_id?: Id | null;
}

/** It waits no more: it was taken, or is not wanted. */
export interface PushSettled {
	/** which */
	push_id: Id;
	/** it was taken */
	taken: boolean;
	/** nobody's: only who sees the whole workspace hears it */
	owner_id?: Id | null;
}

/** What another system knows about a company is another, or is known no more. */
export interface FactChanged {
	/** which */
	fact_id: Id;
	/** of this account */
	account_id?: Id | null;
	/** or of this contact, who belongs to none */
	contact_id?: Id | null;
	/** where it is shown */
	panel: 'onboarding' | 'metrics' | 'integrations' | 'marketing' | 'balance';
	/** which fact */
	key: string;
	/** who says so */
	system: string;
	/** what it is called: {en, nl} */
	label?: unknown | null;
	/** what it is; absent: it is known no more */
	value?: unknown | null;
	/** of what */
	unit?: string | null;
	/** since when */
	as_of: string;
	/** whose account or contact: who may hear this */
	owner_id?: Id | null;
}

/** What is begun with a new client is another list. */
export interface OnboardingChanged {
	/** whose */
	workspace_id: Id;
	/** from now on */
	steps: OnboardingStep[];
}

/** A text mentions somebody. Said once for a text and a person, to them alone, and only where they may see what it is about. */
export interface MentionMade {
	/** who is mentioned */
	user_id: Id;
	/** where: in a message, or in a note */
	source: 'message' | 'activity';
	/** which message or activity */
	source_id: Id;
	/** what that is about */
	about: 'channel' | 'lead' | 'deal' | 'contact' | 'account';
	/** which of these; of the channel the workspace */
	record_id: Id;
	/** how it begins, without links */
	excerpt: string;
	/** who wrote it */
	by_id?: Id | null;
	/** whose record it is about: who may hear this */
	owner_id?: Id | null;
}

/** A segment is there, is another, or is no more. */
export interface SegmentChanged {
	/** which */
	segment_id: Id;
	/** what it is called from now on */
	name: string;
	/** which records */
	of: 'lead' | 'deal' | 'contact' | 'account';
	/** it is no more: nothing is in it, and no segment.left is said for each */
	removed: boolean;
}

/** A record fits a segment from now on. Said once until it leaves. */
export interface SegmentJoined {
	/** which segment */
	segment_id: Id;
	/** what kind of record */
	of: 'lead' | 'deal' | 'contact' | 'account';
	/** which; a lead and its deal bear one id */
	record_id: Id;
	/** whose record it is: who may hear this */
	owner_id?: Id | null;
}

/** A record fits a segment no more. Said once until it joins again. */
export interface SegmentLeft {
	/** which segment */
	segment_id: Id;
	/** what kind of record */
	of: 'lead' | 'deal' | 'contact' | 'account';
	/** which; a lead and its deal bear one id */
	record_id: Id;
	/** whose record it is: who may hear this */
	owner_id?: Id | null;
}

/** A contact lay in the trash for 30 days and is no more, nor what hung on them alone. */
export interface ContactPurged {
	/** who it was */
	contact_id: Id;
	/** array of ids: the leads that have no contact now */
	leads?: unknown | null;
	/** whose it was */
	owner_id?: Id | null;
}

/** An account lay in the trash for 30 days and is no more, nor what hung on it alone. */
export interface AccountPurged {
	/** which it was */
	account_id: Id;
	/** whose it was */
	owner_id?: Id | null;
}

/** Two contacts are one: what hung on the loser hangs on the survivor. */
export interface ContactMerged {
	/** who stays */
	survivor_id: Id;
	/** who went into them: this id leads to the survivor */
	loser_id: Id;
	/** which merge: it can be taken back */
	merge_id: Id;
	/** the survivor's name from now on */
	name: string;
	/** the survivor's company from now on */
	company?: string | null;
	/** the survivor's e-mail from now on */
	email?: string | null;
	/** the survivor's phone from now on */
	phone?: string | null;
	/** what the loser was called */
	loser_name: string;
	/** the loser's number */
	loser_number: number;
	/** the survivor's version from now on */
	version: number;
	/** array of ids: the leads that are the survivor's now */
	leads?: unknown | null;
	/** {table: rows}: how much moved in contacts */
	moved?: unknown | null;
	/** whose the survivor is */
	owner_id?: Id | null;
	/** whose the loser was */
	old_owner_id?: Id | null;
}

/** A merge was taken back: what moved to the survivor then is the loser's again. */
export interface ContactUnmerged {
	/** who stayed */
	survivor_id: Id;
	/** who stands for themselves again */
	loser_id: Id;
	/** which merge */
	merge_id: Id;
	/** the survivor's name from now on */
	name: string;
	/** the loser's name */
	loser_name: string;
	/** the loser's company */
	loser_company?: string | null;
	/** the loser's e-mail */
	loser_email?: string | null;
	/** the loser's phone */
	loser_phone?: string | null;
	/** the loser's number */
	loser_number: number;
	/** the survivor's version from now on */
	version: number;
	/** array of ids: the leads that are the loser's again */
	leads?: unknown | null;
	/** {fields, records}: what came after the merge and stays with the survivor */
	kept?: unknown | null;
	/** whose the survivor is */
	owner_id?: Id | null;
	/** whose the loser is */
	old_owner_id?: Id | null;
}

/** Two accounts are one: what hung on the loser hangs on the survivor. */
export interface AccountMerged {
	/** which stays */
	survivor_id: Id;
	/** which went into it: this id leads to the survivor */
	loser_id: Id;
	/** which merge: it can be taken back */
	merge_id: Id;
	/** the survivor's name from now on */
	name: string;
	/** what the loser was called */
	loser_name: string;
	/** the loser's number */
	loser_number: number;
	/** the survivor's version from now on */
	version: number;
	/** {table: rows}: how much moved in contacts */
	moved?: unknown | null;
	/** whose the survivor is */
	owner_id?: Id | null;
	/** whose the loser was */
	old_owner_id?: Id | null;
}

/** A merge was taken back: what moved to the survivor then is the loser's again. */
export interface AccountUnmerged {
	/** which stayed */
	survivor_id: Id;
	/** which stands for itself again */
	loser_id: Id;
	/** which merge */
	merge_id: Id;
	/** the survivor's name from now on */
	name: string;
	/** the loser's name */
	loser_name: string;
	/** the loser's number */
	loser_number: number;
	/** prospect or client: the loser */
	loser_lifecycle: 'prospect' | 'client';
	/** how far the loser has been set up */
	loser_onboarding_status?: string | null;
	/** who looks after the loser beside its owner */
	loser_roles?: unknown | null;
	/** the survivor's version from now on */
	version: number;
	/** {fields, records}: what came after the merge and stays with the survivor */
	kept?: unknown | null;
	/** whose the survivor is */
	owner_id?: Id | null;
	/** whose the loser is */
	old_owner_id?: Id | null;
}

/** Somebody is to be forgotten. lead-intake begins. */
export interface ErasureAsked {
	/** which wish */
	erasure_id: Id;
	/** array of ids: contacts and leads that are them */
	ids: unknown;
	/** array of texts: what they are called and reached by; absent once that is erased as well */
	words?: unknown | null;
}

/** Everything of a person is gone from lead-intake and contacts; whoever hears this erases it too. */
export interface PersonErased {
	/** which wish */
	erasure_id: Id;
	/** array of ids: contacts, leads and what hangs on them */
	ids: unknown;
	/** array of texts: what they are called and reached by; absent once that is erased as well */
	words?: unknown | null;
	/** array of texts: digests of files that contacts names no more; who hears this drops those that it does not name either */
	files?: unknown | null;
	/** when it let go of them: bytes that came since are another's */
	files_at?: string | null;
}

/** Nobody says anything of them any more: what was said is gone through now. */
export interface ErasureSettled {
	/** which wish */
	erasure_id: Id;
	/** array of texts: digests of files that contacts names no more; who hears this drops those that it does not name either */
	files?: unknown | null;
	/** when it let go of them: bytes that came since are another's */
	files_at?: string | null;
}

/** An import got further: its step, and what it did so far. */
export interface ImportChanged {
	/** which */
	import_id: Id;
	/** what its rows are */
	profile: 'contacts' | 'prospects' | 'moving';
	/** how far it is */
	state: 'mapping' | 'checking' | 'checked' | 'running' | 'done' | 'cancelled' | 'undoing' | 'undone' | 'failed';
	/** new records */
	created: number;
	/** known ones that changed */
	updated: number;
	/** rows that were not written */
	skipped: number;
	/** of those, how many were undone */
	taken_back: number;
	/** who brought the file */
	owner_id?: Id | null;
}

/** A row of a file is a deal: pipeline makes it, once for its id. */
export interface DealImportAsked {
	/** the id it gets */
	deal_id: Id;
	/** of which import */
	import_id: Id;
	/** what it is called */
	title: string;
	/** whose it is */
	contact_id?: Id | null;
	/** what they are called */
	contact_name?: string | null;
	/** company as typed */
	company?: string | null;
	/** the company it is about */
	account_id?: Id | null;
	/** whose it is to be */
	owner_id?: Id | null;
	/** its other fields, as POST /api/crm/deals takes them */
	fields?: unknown | null;
	/** where it stands; absent: in the first stage */
	stage_id?: Id | null;
	/** when it was won or lost */
	closed_at?: string | null;
	/** one that is there is changed; absent: it stays as it is */
	again?: boolean | null;
	/** what who asked may see: own, team, workspace or all; one that is there and is out of it stays as it is. Absent: all */
	scope?: string | null;
	/** which row: pipeline says what became of it; absent: nobody waits for that */
	row?: number | null;
}

/** The row that a deal came of was taken back: pipeline takes the deal back, if nobody changed it. */
export interface DealImportUndone {
	/** which */
	deal_id: Id;
	/** of which import */
	import_id: Id;
	/** whose contact it was */
	owner_id?: Id | null;
	/** the row changed a deal that was there: its fields go back; absent: it made it */
	changed?: boolean | null;
}

/** What became of a command of this service that an event asked for. */
export interface ContactActionSettled {
	/** which action_wanted; told again when that was delivered again */
	action_id: Id;
	/** what became of it */
	state: 'done' | 'refused';
	/** refused: the error's code */
	code?: string | null;
	/** refused: more than the error's own sentence */
	detail?: string | null;
	/** done: the record made or changed */
	record_id?: Id | null;
	/** done: its short number */
	number?: number | null;
	/** done: its version */
	version?: number | null;
}

/** A deal stands on the board. */
export interface DealCreated {
	/** which deal */
	deal_id: Id;
	/** its short number in the workspace */
	number: number;
	/** the lead it came of */
	lead_id?: Id | null;
	/** where it stands */
	stage_id: Id;
	/** {name} — {form_type} */
	title: string;
	/** what it may bring */
	value?: Money | null;
	/** its contact, when known at once */
	contact_id?: Id | null;
	/** the contact's name */
	contact_name?: string | null;
	/** company as typed */
	company?: string | null;
	/** catalogue value of the lead */
	source?: string | null;
	/** the way in */
	source_id?: Id | null;
	/** whose deal it is */
	owner_id?: Id | null;
	/** expected close */
	close_date?: string | null;
	/** how many files came with the lead */
	files?: number | null;
	/** what people wrote about it */
	notes?: string | null;
	/** per cent, where it is another than its stage's */
	probability?: number | null;
	/** how many it sends a month */
	monthly_shipments?: number | null;
	/** catalogue value: what kind of company */
	account_type?: string | null;
	/** catalogue value: how it sells */
	ecommerce_type?: string | null;
	/** catalogue value: where it came from */
	channel?: string | null;
	/** catalogue value: how heavy what it sends is */
	weight_range?: string | null;
	/** catalogue value: what it sends */
	content_type?: string | null;
	/** catalogue value: what brought it */
	campaign?: string | null;
	/** catalogue value: the plan it is offered */
	plan_type?: string | null;
	/** catalogue value: the country it belongs to: phone code and cost of a shipment */
	locale?: string | null;
	/** catalogue value: why it was lost */
	loss_reason?: string | null;
	/** what else is to be known of it */
	annotations?: string | null;
	/** the workspace's own fields, by key */
	custom?: unknown | null;
	/** the company it is about, when somebody named it */
	account_id?: Id | null;
	/** what that is called */
	account_name?: string | null;
}

/** A deal's fields changed. */
export interface DealUpdated {
	/** which deal */
	deal_id: Id;
	/** its version from now on */
	version: number;
	/** its title from now on */
	title: string;
	/** its value from now on */
	value?: Money | null;
	/** expected close from now on */
	close_date?: string | null;
	/** what people write about it from now on */
	notes?: string | null;
	/** what changed */
	changes: Change[];
	/** the lead it came of */
	lead_id?: Id | null;
	/** whose deal it is from now on */
	owner_id?: Id | null;
	/** whose it was, when that changed */
	old_owner_id?: Id | null;
	/** per cent, where it is another than its stage's */
	probability?: number | null;
	/** how many it sends a month */
	monthly_shipments?: number | null;
	/** catalogue value: what kind of company */
	account_type?: string | null;
	/** catalogue value: how it sells */
	ecommerce_type?: string | null;
	/** catalogue value: where it came from */
	channel?: string | null;
	/** catalogue value: how heavy what it sends is */
	weight_range?: string | null;
	/** catalogue value: what it sends */
	content_type?: string | null;
	/** catalogue value: what brought it */
	campaign?: string | null;
	/** catalogue value: the plan it is offered */
	plan_type?: string | null;
	/** catalogue value: the country it belongs to: phone code and cost of a shipment */
	locale?: string | null;
	/** catalogue value: why it was lost */
	loss_reason?: string | null;
	/** what else is to be known of it */
	annotations?: string | null;
	/** the workspace's own fields from now on, by key */
	custom?: unknown | null;
	/** the company it is about from now on */
	account_id?: Id | null;
	/** what that is called */
	account_name?: string | null;
}

/** A deal entered another stage. */
export interface DealStageChanged {
	/** which deal */
	deal_id: Id;
	/** the stage it left */
	from_id: Id;
	/** the stage it entered */
	to_id: Id;
	/** its key */
	from_key?: string | null;
	/** its key */
	to_key?: string | null;
	/** the stage entered is won or lost */
	closed: boolean;
	/** the deal's version from now on */
	version: number;
	/** why, as the mover said */
	note?: string | null;
	/** the lead it came of */
	lead_id?: Id | null;
	/** whose deal it is: who may hear this is known without asking */
	owner_id?: Id | null;
	/** why it is lost, when the stage entered says so */
	loss_reason?: string | null;
	/** the stage entered is won; absent: it is not, or it was said before this was known */
	won?: boolean | null;
	/** its note is told by deal.followed_up as well */
	followed?: boolean | null;
	/** an undone move: when it had entered that stage, and has again its place there; absent: now */
	since?: string | null;
	/** the company it is about, where one is known */
	account_id?: Id | null;
}

/** Somebody wrote down what was said about a deal, and perhaps what comes next. */
export interface DealFollowedUp {
	/** which deal */
	deal_id: Id;
	/** the note's id, as an activity */
	note_id: Id;
	/** what was said */
	note: string;
	/** the stage it entered with this */
	stage_id?: Id | null;
	/** what is to be done next */
	kind?: 'call' | 'whatsapp' | 'email' | 'sms' | 'meeting' | 'task' | 'note' | 'other' | null;
	/** and when */
	at?: string | null;
	/** of the next activity, in a line */
	title?: string | null;
	/** the next activity's id; absent: none is planned */
	next_id?: Id | null;
	/** who does it */
	assignee_id?: Id | null;
	/** whose deal it is: who may hear this */
	owner_id?: Id | null;
}

/** Somebody wants a won deal's company to be an account and a client. */
export interface DealConversionAsked {
	/** which deal */
	deal_id: Id;
	/** the lead it came of */
	lead_id?: Id | null;
	/** the company it is about, where one is known */
	account_id?: Id | null;
	/** whose deal it is */
	owner_id?: Id | null;
}

/** Deals of somebody who asked to be forgotten hold nothing of them any more. */
export interface DealsErased {
	/** which wish */
	erasure_id: Id;
	/** array of ids: those deals */
	ids: unknown;
}

/** What became of a row of a file that asked for a deal. */
export interface DealImportAnswered {
	/** the deal that it asked for */
	deal_id: Id;
	/** of which import */
	import_id: Id;
	/** which row */
	row: number;
	/** the deal was made or changed; skipped: neither */
	did: 'created' | 'updated' | 'skipped';
	/** why it was skipped */
	code?: string | null;
	/** who asked */
	owner_id?: Id | null;
}

/** A deal was thrown away: it stands on no board and in no list any more. */
export interface DealTrashed {
	/** which deal */
	deal_id: Id;
	/** the deal's version from now on */
	version: number;
	/** the stage it left */
	stage_id: Id;
	/** its key */
	stage_key?: string | null;
	/** the lead it came of */
	lead_id?: Id | null;
	/** whose deal it is */
	owner_id?: Id | null;
}

/** A deal came back out of the trash. */
export interface DealRestored {
	/** which deal */
	deal_id: Id;
	/** the deal's version from now on */
	version: number;
	/** the stage it stands in again */
	stage_id: Id;
	/** its key */
	stage_key?: string | null;
	/** the lead it came of */
	lead_id?: Id | null;
	/** whose deal it is */
	owner_id?: Id | null;
}

/** A deal lay in the trash for 30 days and is no more, nor what hung on it alone. */
export interface DealPurged {
	/** which it was */
	deal_id: Id;
	/** the lead it came of, which stands */
	lead_id?: Id | null;
	/** whose it was */
	owner_id?: Id | null;
}

/** A stage as it stands on its board. */
export interface BoardColumn {
	/** which */
	stage_id: Id;
	/** its name in the API */
	key: string;
	/** what it means for the deal */
	kind: 'open' | 'won' | 'lost';
	/** what people call it: {en, nl} */
	label: unknown;
	/** per cent */
	probability: number;
	/** of its dot */
	colour: string;
	/** deals before it are no opportunities yet */
	qualified: boolean;
	/** its place, from 1 */
	position: number;
}

/** A pipeline or its stages changed: how it stands from now on, whole. */
export interface BoardChanged {
	/** which */
	pipeline_id: Id;
	/** what was done: pipeline_add, pipeline_update, stage_add, stage_update, stage_remove */
	what: string;
	/** the stage it was done to */
	stage_id?: Id | null;
	/** the pipeline's name in the API */
	key: string;
	/** what people call it: {en, nl} */
	label: unknown;
	/** how a deal may be moved */
	move_mode: 'instant' | 'note_required' | 'locked';
	/** no deal is lost without a reason */
	lost_reason_required: boolean;
	/** its place among the workspace's pipelines */
	position: number;
	/** not shown any more */
	archived: boolean;
	/** what its cards are; absent: sales */
	kind?: 'sales' | 'relationship' | null;
	/** its stages, in order */
	stages: BoardColumn[];
}

/** A value of a catalogue is there or changed: as it is from now on. */
export interface CatalogueChanged {
	/** which */
	item_id: Id;
	/** of which list */
	catalogue: 'account_role' | 'account_type' | 'campaign' | 'channel' | 'contact_status' | 'content_type' | 'ecommerce_type' | 'locale' | 'loss_reason' | 'onboarding_status' | 'plan_type' | 'source' | 'weight_range';
	/** its name in the API */
	key: string;
	/** what people call it: {en, nl} */
	label: unknown;
	/** its place, from 1 */
	position: number;
	/** offered no longer */
	retired: boolean;
	/** of a locale: ISO 3166 */
	country?: string | null;
	/** of a locale */
	phone_code?: string | null;
	/** of a locale: what a shipment costs */
	cost?: Money | null;
}

/** A field of the workspace's own is there or changed: as it is from now on. */
export interface CustomFieldChanged {
	/** which */
	custom_field_id: Id;
	/** of which records */
	about: 'deal' | 'contact' | 'account';
	/** what it holds */
	kind: 'text' | 'number' | 'money' | 'date' | 'choice' | 'boolean' | 'url';
	/** its name in the API */
	key: string;
	/** what people call it: {en, nl} */
	label: unknown;
	/** whoever makes a record by hand has to fill it */
	needed: boolean;
	/** asked for no longer */
	retired: boolean;
	/** its place, from 1 */
	position: number;
	/** of a choice: array of {key, label} */
	choices?: unknown | null;
}

/** Totals are told in another currency from now on. */
export interface CurrencyChanged {
	/** ISO 4217 */
	base: string;
}

/** A currency is worth something else from a day on: as it is from now on. */
export interface RateChanged {
	/** which */
	rate_id: Id;
	/** ISO 4217: in what */
	base: string;
	/** ISO 4217: of what */
	currency: string;
	/** from when on */
	day: string;
	/** units of the base for one unit: exact decimal text */
	rate: string;
	/** it is no more */
	removed: boolean;
}

/** What became of a command of this service that an event asked for. */
export interface DealActionSettled {
	/** which action_wanted; told again when that was delivered again */
	action_id: Id;
	/** what became of it */
	state: 'done' | 'refused';
	/** refused: the error's code */
	code?: string | null;
	/** refused: more than the error's own sentence */
	detail?: string | null;
	/** done: the record made or changed */
	record_id?: Id | null;
	/** done: its short number */
	number?: number | null;
	/** done: its version */
	version?: number | null;
}

/** Somebody that a mail goes to. */
export interface MailAddress {
	/** the address */
	email: string;
	/** who that is */
	name?: string | null;
	/** the contact of that address */
	contact_id?: Id | null;
}

/** A file that goes with a mail: one that lies in the workspace's folder of files already. */
export interface MailFile {
	/** its name */
	name: string;
	/** its media type */
	type: string;
	/** hex; its name on disk */
	sha256: string;
}

/** A mail was written, and waits to go. */
export interface MailQueued {
	/** which */
	mail_id: Id;
	/** what it is about */
	deal_id?: Id | null;
	/** whom it is about */
	contact_id?: Id | null;
	/** the company it is about */
	account_id?: Id | null;
	/** the lead it is about */
	lead_id?: Id | null;
	/** whose record it is about */
	owner_id?: Id | null;
	/** its subject */
	subject: string;
	/** to how many it goes */
	recipients: number;
	/** not before */
	send_at: string;
}

/** A server took a mail to somebody. */
export interface MailSent {
	/** which */
	mail_id: Id;
	/** what it is about */
	deal_id?: Id | null;
	/** whom it is about */
	contact_id?: Id | null;
	/** the company it is about */
	account_id?: Id | null;
	/** the lead it is about */
	lead_id?: Id | null;
	/** whose record it is about */
	owner_id?: Id | null;
	/** its subject */
	subject: string;
	/** which recipient */
	n: number;
	/** their address */
	email: string;
	/** what is known from now on */
	state: 'queued' | 'sending' | 'unknown' | 'sent' | 'delivered' | 'opened' | 'clicked' | 'bounced' | 'dropped' | 'complained' | 'cancelled';
}

/** A mail arrived in somebody's mailbox. */
export interface MailDelivered {
	/** which */
	mail_id: Id;
	/** what it is about */
	deal_id?: Id | null;
	/** whom it is about */
	contact_id?: Id | null;
	/** the company it is about */
	account_id?: Id | null;
	/** the lead it is about */
	lead_id?: Id | null;
	/** whose record it is about */
	owner_id?: Id | null;
	/** its subject */
	subject: string;
	/** which recipient */
	n: number;
	/** their address */
	email: string;
	/** what is known from now on */
	state: 'queued' | 'sending' | 'unknown' | 'sent' | 'delivered' | 'opened' | 'clicked' | 'bounced' | 'dropped' | 'complained' | 'cancelled';
}

/** Somebody opened a mail, or followed a link in it. */
export interface MailOpened {
	/** which */
	mail_id: Id;
	/** what it is about */
	deal_id?: Id | null;
	/** whom it is about */
	contact_id?: Id | null;
	/** the company it is about */
	account_id?: Id | null;
	/** the lead it is about */
	lead_id?: Id | null;
	/** whose record it is about */
	owner_id?: Id | null;
	/** its subject */
	subject: string;
	/** which recipient */
	n: number;
	/** their address */
	email: string;
	/** what is known from now on */
	state: 'queued' | 'sending' | 'unknown' | 'sent' | 'delivered' | 'opened' | 'clicked' | 'bounced' | 'dropped' | 'complained' | 'cancelled';
}

/** A mail to somebody came back, was not sent on, was called unwanted, or nobody knows what became of it. */
export interface MailFailed {
	/** which */
	mail_id: Id;
	/** what it is about */
	deal_id?: Id | null;
	/** whom it is about */
	contact_id?: Id | null;
	/** the company it is about */
	account_id?: Id | null;
	/** the lead it is about */
	lead_id?: Id | null;
	/** whose record it is about */
	owner_id?: Id | null;
	/** its subject */
	subject: string;
	/** which recipient */
	n: number;
	/** their address */
	email: string;
	/** what is known from now on */
	state: 'queued' | 'sending' | 'unknown' | 'sent' | 'delivered' | 'opened' | 'clicked' | 'bounced' | 'dropped' | 'complained' | 'cancelled';
	/** why, in the server's words */
	reason?: string | null;
}

/** A mail was stopped before it went. */
export interface MailCancelled {
	/** which */
	mail_id: Id;
	/** what it is about */
	deal_id?: Id | null;
	/** whom it is about */
	contact_id?: Id | null;
	/** the company it is about */
	account_id?: Id | null;
	/** the lead it is about */
	lead_id?: Id | null;
	/** whose record it is about */
	owner_id?: Id | null;
	/** its subject */
	subject: string;
}

/** A mail came in. When it names no record, it belongs to nothing that is known. */
export interface MailReceived {
	/** which */
	mail_id: Id;
	/** what it is about */
	deal_id?: Id | null;
	/** whom it is about */
	contact_id?: Id | null;
	/** the company it is about */
	account_id?: Id | null;
	/** the lead it is about */
	lead_id?: Id | null;
	/** whose record it is about */
	owner_id?: Id | null;
	/** its subject */
	subject: string;
	/** the sender's address */
	email?: string | null;
	/** the sender's name */
	name?: string | null;
	/** how many files hang on it */
	files: number;
	/** a machine wrote it: nothing begins because of it */
	machine: boolean;
	/** what became of it */
	state: 'kept' | 'read' | 'matched' | 'suggested' | 'unmatched' | 'bounce' | 'complaint' | 'repeated' | 'unreadable';
	/** its token is ours, its sender is whom that was written to, and the provider checked the sender */
	trusted: boolean;
}

/** Somebody said what a mail that came in belongs to. */
export interface MailAssigned {
	/** which */
	mail_id: Id;
	/** what it is about */
	deal_id?: Id | null;
	/** whom it is about */
	contact_id?: Id | null;
	/** the company it is about */
	account_id?: Id | null;
	/** the lead it is about */
	lead_id?: Id | null;
	/** whose record it is about */
	owner_id?: Id | null;
	/** its subject */
	subject: string;
	/** the sender's address */
	email?: string | null;
	/** the sender's name */
	name?: string | null;
	/** how many files hang on it */
	files: number;
	/** a machine wrote it: nothing begins because of it */
	machine: boolean;
}

/** Somebody took back where a mail was assigned: it belongs to that no more. */
export interface MailUnassigned {
	/** which */
	mail_id: Id;
	/** what it was about */
	deal_id?: Id | null;
	/** whom it was about */
	contact_id?: Id | null;
	/** the company it was about */
	account_id?: Id | null;
	/** the lead it was about */
	lead_id?: Id | null;
	/** whose record it was about */
	owner_id?: Id | null;
	/** its subject */
	subject: string;
	/** the sender's address */
	email?: string | null;
	/** the sender's name */
	name?: string | null;
}

/** Somebody set a mail aside that belongs to nothing, or took that back. */
export interface MailDismissed {
	/** which */
	mail_id: Id;
	/** who brought it */
	owner_id?: Id | null;
	/** it is aside; else it waits again */
	dismissed: boolean;
}

/** Somebody closed a conversation, opened it again, or said who deals with it. */
export interface MailThreadChanged {
	/** which */
	mail_thread_id: Id;
	/** what it is about */
	deal_id?: Id | null;
	/** whom it is about */
	contact_id?: Id | null;
	/** the company it is about */
	account_id?: Id | null;
	/** the lead it is about */
	lead_id?: Id | null;
	/** whose record it is about */
	owner_id?: Id | null;
	/** of its first mail */
	subject: string;
	/** how far it is from now on */
	state: 'open' | 'waiting' | 'done';
	/** who deals with it from now on; absent: whose record it is about */
	assignee_id?: Id | null;
}

/** An address gets no mail any more, or gets it again. */
export interface SuppressionChanged {
	/** which */
	email: string;
	/** why not; absent: it gets it again */
	reason?: 'bounced' | 'complained' | 'unsubscribed' | null;
}

/** A way to send was added, changed or removed, or works or fails from now on. Its secret stays with mailer. */
export interface MailAccountChanged {
	/** which */
	mail_account_id: Id;
	/** what people call it */
	name: string;
	/** unchecked, works or fails */
	state: string;
	/** it is no more */
	removed: boolean;
	/** of a mailbox that is looked into: unchecked, works or fails */
	mailbox?: string | null;
	/** of a mail to oneself by it: sent, back, missing or failed */
	canary?: string | null;
	/** of a log-in by OAuth: none, asked, works, expired or refused */
	oauth?: string | null;
}

/** A template is there, is another, is no more or is back. */
export interface TemplateChanged {
	/** which */
	template_id: Id;
	/** what it is called from now on */
	name: string;
	/** its version from now on */
	version: number;
	/** nobody writes by it any more */
	removed: boolean;
}

/** What became of a command of this service that an event asked for. */
export interface MailActionSettled {
	/** which action_wanted; told again when that was delivered again */
	action_id: Id;
	/** what became of it */
	state: 'done' | 'refused';
	/** refused: the error's code */
	code?: string | null;
	/** refused: more than the error's own sentence */
	detail?: string | null;
	/** done: the record made or changed */
	record_id?: Id | null;
	/** done: its short number */
	number?: number | null;
	/** done: its version */
	version?: number | null;
}

/** Who the workspace is on paper is another. */
export interface CompanyChanged {
	/** from now on */
	version: number;
	/** what it is called */
	name?: string | null;
	/** what changed */
	changes: Change[];
}

/** Something that is sold is there, is another, is no more or is back. */
export interface CatalogItemChanged {
	/** which */
	catalog_item_id: Id;
	/** what it is called */
	name: string;
	/** from now on */
	version: number;
	/** it is no more */
	removed: boolean;
}

/** Documents of a kind are numbered otherwise. */
export interface SeriesChanged {
	/** which documents */
	kind: 'quote' | 'invoice' | 'credit_note';
	/** from now on */
	format: string;
	/** the next number */
	next: number;
}

/** A quote is there, as a draft with its number. */
export interface QuoteCreated {
	/** which document */
	document_id: Id;
	/** what it is */
	kind: 'quote' | 'invoice' | 'credit_note';
	/** how far it is from now on */
	state: 'draft' | 'sent' | 'accepted' | 'declined' | 'expired' | 'partly_paid' | 'paid' | 'cancelled';
	/** its number; absent: a draft has none */
	number?: string | null;
	/** what it is about */
	title?: string | null;
	/** who it is for */
	name?: string | null;
	/** what it comes to, with VAT */
	total: Money;
	/** its deal */
	deal_id?: Id | null;
	/** the lead that its deal came of */
	lead_id?: Id | null;
	/** its contact */
	contact_id?: Id | null;
	/** its company */
	account_id?: Id | null;
	/** whose it is: who may hear this */
	owner_id?: Id | null;
}

/** A quote went to the customer. */
export interface QuoteSent {
	/** which document */
	document_id: Id;
	/** what it is */
	kind: 'quote' | 'invoice' | 'credit_note';
	/** how far it is from now on */
	state: 'draft' | 'sent' | 'accepted' | 'declined' | 'expired' | 'partly_paid' | 'paid' | 'cancelled';
	/** its number; absent: a draft has none */
	number?: string | null;
	/** what it is about */
	title?: string | null;
	/** who it is for */
	name?: string | null;
	/** what it comes to, with VAT */
	total: Money;
	/** its deal */
	deal_id?: Id | null;
	/** the lead that its deal came of */
	lead_id?: Id | null;
	/** its contact */
	contact_id?: Id | null;
	/** its company */
	account_id?: Id | null;
	/** whose it is: who may hear this */
	owner_id?: Id | null;
	/** it had been sent before */
	again: boolean;
	/** until when it is good */
	due?: string | null;
	/** the customer's page (an address, or its path), sealed by CRM_KEY: mailer says it in mails */
	link?: string | null;
}

/** The customer looked at it for the first time since it was sent. */
export interface QuoteViewed {
	/** which document */
	document_id: Id;
	/** what it is */
	kind: 'quote' | 'invoice' | 'credit_note';
	/** how far it is from now on */
	state: 'draft' | 'sent' | 'accepted' | 'declined' | 'expired' | 'partly_paid' | 'paid' | 'cancelled';
	/** its number; absent: a draft has none */
	number?: string | null;
	/** what it is about */
	title?: string | null;
	/** who it is for */
	name?: string | null;
	/** what it comes to, with VAT */
	total: Money;
	/** its deal */
	deal_id?: Id | null;
	/** the lead that its deal came of */
	lead_id?: Id | null;
	/** its contact */
	contact_id?: Id | null;
	/** its company */
	account_id?: Id | null;
	/** whose it is: who may hear this */
	owner_id?: Id | null;
}

/** The customer said yes. */
export interface QuoteAccepted {
	/** which document */
	document_id: Id;
	/** what it is */
	kind: 'quote' | 'invoice' | 'credit_note';
	/** how far it is from now on */
	state: 'draft' | 'sent' | 'accepted' | 'declined' | 'expired' | 'partly_paid' | 'paid' | 'cancelled';
	/** its number; absent: a draft has none */
	number?: string | null;
	/** what it is about */
	title?: string | null;
	/** who it is for */
	name?: string | null;
	/** what it comes to, with VAT */
	total: Money;
	/** its deal */
	deal_id?: Id | null;
	/** the lead that its deal came of */
	lead_id?: Id | null;
	/** its contact */
	contact_id?: Id | null;
	/** its company */
	account_id?: Id | null;
	/** whose it is: who may hear this */
	owner_id?: Id | null;
	/** who did */
	by?: string | null;
	/** on their page */
	portal: boolean;
	/** what that makes of its deal's value; absent: nothing */
	deal_worth?: Money | null;
}

/** The customer said no. */
export interface QuoteDeclined {
	/** which document */
	document_id: Id;
	/** what it is */
	kind: 'quote' | 'invoice' | 'credit_note';
	/** how far it is from now on */
	state: 'draft' | 'sent' | 'accepted' | 'declined' | 'expired' | 'partly_paid' | 'paid' | 'cancelled';
	/** its number; absent: a draft has none */
	number?: string | null;
	/** what it is about */
	title?: string | null;
	/** who it is for */
	name?: string | null;
	/** what it comes to, with VAT */
	total: Money;
	/** its deal */
	deal_id?: Id | null;
	/** the lead that its deal came of */
	lead_id?: Id | null;
	/** its contact */
	contact_id?: Id | null;
	/** its company */
	account_id?: Id | null;
	/** whose it is: who may hear this */
	owner_id?: Id | null;
	/** why */
	reason?: string | null;
	/** on their page */
	portal: boolean;
}

/** Nobody said anything in time. */
export interface QuoteExpired {
	/** which document */
	document_id: Id;
	/** what it is */
	kind: 'quote' | 'invoice' | 'credit_note';
	/** how far it is from now on */
	state: 'draft' | 'sent' | 'accepted' | 'declined' | 'expired' | 'partly_paid' | 'paid' | 'cancelled';
	/** its number; absent: a draft has none */
	number?: string | null;
	/** what it is about */
	title?: string | null;
	/** who it is for */
	name?: string | null;
	/** what it comes to, with VAT */
	total: Money;
	/** its deal */
	deal_id?: Id | null;
	/** the lead that its deal came of */
	lead_id?: Id | null;
	/** its contact */
	contact_id?: Id | null;
	/** its company */
	account_id?: Id | null;
	/** whose it is: who may hear this */
	owner_id?: Id | null;
}

/** An invoice is there, as a draft. */
export interface InvoiceCreated {
	/** which document */
	document_id: Id;
	/** what it is */
	kind: 'quote' | 'invoice' | 'credit_note';
	/** how far it is from now on */
	state: 'draft' | 'sent' | 'accepted' | 'declined' | 'expired' | 'partly_paid' | 'paid' | 'cancelled';
	/** its number; absent: a draft has none */
	number?: string | null;
	/** what it is about */
	title?: string | null;
	/** who it is for */
	name?: string | null;
	/** what it comes to, with VAT */
	total: Money;
	/** its deal */
	deal_id?: Id | null;
	/** the lead that its deal came of */
	lead_id?: Id | null;
	/** its contact */
	contact_id?: Id | null;
	/** its company */
	account_id?: Id | null;
	/** whose it is: who may hear this */
	owner_id?: Id | null;
	/** the quote it was made of */
	quote_id?: Id | null;
}

/** An invoice got its number. */
export interface InvoiceFinalised {
	/** which document */
	document_id: Id;
	/** what it is */
	kind: 'quote' | 'invoice' | 'credit_note';
	/** how far it is from now on */
	state: 'draft' | 'sent' | 'accepted' | 'declined' | 'expired' | 'partly_paid' | 'paid' | 'cancelled';
	/** its number; absent: a draft has none */
	number?: string | null;
	/** what it is about */
	title?: string | null;
	/** who it is for */
	name?: string | null;
	/** what it comes to, with VAT */
	total: Money;
	/** its deal */
	deal_id?: Id | null;
	/** the lead that its deal came of */
	lead_id?: Id | null;
	/** its contact */
	contact_id?: Id | null;
	/** its company */
	account_id?: Id | null;
	/** whose it is: who may hear this */
	owner_id?: Id | null;
	/** its day */
	issued: string;
	/** until when it is to be paid */
	due?: string | null;
}

/** An invoice went to the customer. */
export interface InvoiceSent {
	/** which document */
	document_id: Id;
	/** what it is */
	kind: 'quote' | 'invoice' | 'credit_note';
	/** how far it is from now on */
	state: 'draft' | 'sent' | 'accepted' | 'declined' | 'expired' | 'partly_paid' | 'paid' | 'cancelled';
	/** its number; absent: a draft has none */
	number?: string | null;
	/** what it is about */
	title?: string | null;
	/** who it is for */
	name?: string | null;
	/** what it comes to, with VAT */
	total: Money;
	/** its deal */
	deal_id?: Id | null;
	/** the lead that its deal came of */
	lead_id?: Id | null;
	/** its contact */
	contact_id?: Id | null;
	/** its company */
	account_id?: Id | null;
	/** whose it is: who may hear this */
	owner_id?: Id | null;
	/** it had been sent before */
	again: boolean;
	/** until when it is to be paid */
	due?: string | null;
	/** the customer's page (an address, or its path), sealed by CRM_KEY: mailer says it in mails */
	link?: string | null;
}

/** The customer looked at it for the first time since it was sent. */
export interface InvoiceViewed {
	/** which document */
	document_id: Id;
	/** what it is */
	kind: 'quote' | 'invoice' | 'credit_note';
	/** how far it is from now on */
	state: 'draft' | 'sent' | 'accepted' | 'declined' | 'expired' | 'partly_paid' | 'paid' | 'cancelled';
	/** its number; absent: a draft has none */
	number?: string | null;
	/** what it is about */
	title?: string | null;
	/** who it is for */
	name?: string | null;
	/** what it comes to, with VAT */
	total: Money;
	/** its deal */
	deal_id?: Id | null;
	/** the lead that its deal came of */
	lead_id?: Id | null;
	/** its contact */
	contact_id?: Id | null;
	/** its company */
	account_id?: Id | null;
	/** whose it is: who may hear this */
	owner_id?: Id | null;
}

/** The customer is reminded of it. */
export interface InvoiceReminded {
	/** which document */
	document_id: Id;
	/** what it is */
	kind: 'quote' | 'invoice' | 'credit_note';
	/** how far it is from now on */
	state: 'draft' | 'sent' | 'accepted' | 'declined' | 'expired' | 'partly_paid' | 'paid' | 'cancelled';
	/** its number; absent: a draft has none */
	number?: string | null;
	/** what it is about */
	title?: string | null;
	/** who it is for */
	name?: string | null;
	/** what it comes to, with VAT */
	total: Money;
	/** its deal */
	deal_id?: Id | null;
	/** the lead that its deal came of */
	lead_id?: Id | null;
	/** its contact */
	contact_id?: Id | null;
	/** its company */
	account_id?: Id | null;
	/** whose it is: who may hear this */
	owner_id?: Id | null;
	/** the first, second or third time */
	step: number;
}

/** It should have been paid by now. Once. */
export interface InvoiceOverdue {
	/** which document */
	document_id: Id;
	/** what it is */
	kind: 'quote' | 'invoice' | 'credit_note';
	/** how far it is from now on */
	state: 'draft' | 'sent' | 'accepted' | 'declined' | 'expired' | 'partly_paid' | 'paid' | 'cancelled';
	/** its number; absent: a draft has none */
	number?: string | null;
	/** what it is about */
	title?: string | null;
	/** who it is for */
	name?: string | null;
	/** what it comes to, with VAT */
	total: Money;
	/** its deal */
	deal_id?: Id | null;
	/** the lead that its deal came of */
	lead_id?: Id | null;
	/** its contact */
	contact_id?: Id | null;
	/** its company */
	account_id?: Id | null;
	/** whose it is: who may hear this */
	owner_id?: Id | null;
	/** what is still to be paid */
	open: Money;
}

/** All of it came in. Once, whatever comes after. */
export interface InvoicePaid {
	/** which document */
	document_id: Id;
	/** what it is */
	kind: 'quote' | 'invoice' | 'credit_note';
	/** how far it is from now on */
	state: 'draft' | 'sent' | 'accepted' | 'declined' | 'expired' | 'partly_paid' | 'paid' | 'cancelled';
	/** its number; absent: a draft has none */
	number?: string | null;
	/** what it is about */
	title?: string | null;
	/** who it is for */
	name?: string | null;
	/** what it comes to, with VAT */
	total: Money;
	/** its deal */
	deal_id?: Id | null;
	/** the lead that its deal came of */
	lead_id?: Id | null;
	/** its contact */
	contact_id?: Id | null;
	/** its company */
	account_id?: Id | null;
	/** whose it is: who may hear this */
	owner_id?: Id | null;
	/** when the last of it did */
	day: string;
}

/** A credit note is there, as a draft. */
export interface CreditNoteCreated {
	/** which document */
	document_id: Id;
	/** what it is */
	kind: 'quote' | 'invoice' | 'credit_note';
	/** how far it is from now on */
	state: 'draft' | 'sent' | 'accepted' | 'declined' | 'expired' | 'partly_paid' | 'paid' | 'cancelled';
	/** its number; absent: a draft has none */
	number?: string | null;
	/** what it is about */
	title?: string | null;
	/** who it is for */
	name?: string | null;
	/** what it comes to, with VAT */
	total: Money;
	/** its deal */
	deal_id?: Id | null;
	/** the lead that its deal came of */
	lead_id?: Id | null;
	/** its contact */
	contact_id?: Id | null;
	/** its company */
	account_id?: Id | null;
	/** whose it is: who may hear this */
	owner_id?: Id | null;
	/** of which invoice */
	original_id: Id;
	/** its number */
	original_number: string;
}

/** A credit note got its number. */
export interface CreditNoteFinalised {
	/** which document */
	document_id: Id;
	/** what it is */
	kind: 'quote' | 'invoice' | 'credit_note';
	/** how far it is from now on */
	state: 'draft' | 'sent' | 'accepted' | 'declined' | 'expired' | 'partly_paid' | 'paid' | 'cancelled';
	/** its number; absent: a draft has none */
	number?: string | null;
	/** what it is about */
	title?: string | null;
	/** who it is for */
	name?: string | null;
	/** what it comes to, with VAT */
	total: Money;
	/** its deal */
	deal_id?: Id | null;
	/** the lead that its deal came of */
	lead_id?: Id | null;
	/** its contact */
	contact_id?: Id | null;
	/** its company */
	account_id?: Id | null;
	/** whose it is: who may hear this */
	owner_id?: Id | null;
	/** of which invoice */
	original_id: Id;
	/** its number */
	original_number: string;
}

/** A credit note went to the customer. */
export interface CreditNoteSent {
	/** which document */
	document_id: Id;
	/** what it is */
	kind: 'quote' | 'invoice' | 'credit_note';
	/** how far it is from now on */
	state: 'draft' | 'sent' | 'accepted' | 'declined' | 'expired' | 'partly_paid' | 'paid' | 'cancelled';
	/** its number; absent: a draft has none */
	number?: string | null;
	/** what it is about */
	title?: string | null;
	/** who it is for */
	name?: string | null;
	/** what it comes to, with VAT */
	total: Money;
	/** its deal */
	deal_id?: Id | null;
	/** the lead that its deal came of */
	lead_id?: Id | null;
	/** its contact */
	contact_id?: Id | null;
	/** its company */
	account_id?: Id | null;
	/** whose it is: who may hear this */
	owner_id?: Id | null;
	/** it had been sent before */
	again: boolean;
}

/** A document is another: what was written on it, how far it is, or what came in for it. Said beside what else is said of it. */
export interface DocumentChanged {
	/** which document */
	document_id: Id;
	/** what it is */
	kind: 'quote' | 'invoice' | 'credit_note';
	/** how far it is from now on */
	state: 'draft' | 'sent' | 'accepted' | 'declined' | 'expired' | 'partly_paid' | 'paid' | 'cancelled';
	/** its number; absent: a draft has none */
	number?: string | null;
	/** what it is about */
	title?: string | null;
	/** who it is for */
	name?: string | null;
	/** what it comes to, with VAT */
	total: Money;
	/** its deal */
	deal_id?: Id | null;
	/** the lead that its deal came of */
	lead_id?: Id | null;
	/** its contact */
	contact_id?: Id | null;
	/** its company */
	account_id?: Id | null;
	/** whose it is: who may hear this */
	owner_id?: Id | null;
	/** from now on */
	version: number;
	/** of an invoice: what is still to be paid */
	open?: Money | null;
	/** it was thrown away */
	removed: boolean;
}

/** Money came in, or went back. */
export interface PaymentReceived {
	/** which */
	payment_id: Id;
	/** how much; negative: it went back */
	amount: Money;
	/** when */
	day: string;
	/** how */
	method: 'manual' | 'bank' | 'mollie' | 'stripe';
	/** for which invoice */
	document_id?: Id | null;
	/** its number */
	number?: string | null;
	/** its deal */
	deal_id?: Id | null;
	/** the lead that it came of */
	lead_id?: Id | null;
	/** its contact */
	contact_id?: Id | null;
	/** from which company */
	account_id?: Id | null;
	/** whose it is */
	owner_id?: Id | null;
	/** it was a mistake: it counts no more */
	removed: boolean;
}

/** What a company owes us is another: open invoices less payments that are for none yet. */
export interface BalanceChanged {
	/** which company */
	account_id: Id;
	/** from now on */
	balance: Money;
	/** whose it is */
	owner_id?: Id | null;
}

/** A document is to be mailed with its files: said to mailer, which writes the mail once. */
export interface DocumentMailWanted {
	/** what the mail will be called */
	mail_id: Id;
	/** which */
	document_id: Id;
	/** what it is */
	kind: 'quote' | 'invoice' | 'credit_note';
	/** to whom */
	to: MailAddress[];
	/** its subject */
	subject: string;
	/** its text; {link} stands for the customer's page */
	text: string;
	/** with it; they lie in the folder of files */
	files: MailFile[];
	/** the customer's page (an address, or its path), sealed by CRM_KEY: it takes the place of {link} in the text */
	link?: string | null;
	/** its deal */
	deal_id?: Id | null;
	/** the lead that it came of */
	lead_id?: Id | null;
	/** its contact */
	contact_id?: Id | null;
	/** its company */
	account_id?: Id | null;
	/** whose it is */
	owner_id?: Id | null;
	/** who sends it */
	sender_id?: Id | null;
}

/** A bank statement was brought in. */
export interface StatementImported {
	/** which */
	statement_id: Id;
	/** the file's name */
	name: string;
	/** how many bookings */
	lines: number;
	/** of which are payments */
	matched: number;
	/** of which may be */
	doubtful: number;
}

/** A way to be paid was added, changed or removed. Its secrets stay with billing. */
export interface PayProviderChanged {
	/** which */
	pay_provider_id: Id;
	/** what people call it */
	name: string;
	/** who it is */
	kind: 'mollie' | 'stripe';
	/** unchecked, works or fails */
	state: string;
	/** it is no more */
	removed: boolean;
}

/** An invoice is made again and again, otherwise, or no more. */
export interface RecurrenceChanged {
	/** which */
	recurrence_id: Id;
	/** what people call it */
	name: string;
	/** the day of the next one */
	next_on?: string | null;
	/** no more */
	removed: boolean;
}

/** A deal or a quote became an order. */
export interface OrderCreated {
	/** which */
	sales_order_id: Id;
	/** its number */
	number: string;
	/** what it is about */
	title: string;
	/** what it comes to, without VAT */
	total?: Money | null;
	/** how far it is */
	state: 'open' | 'done' | 'cancelled';
	/** of which deal */
	deal_id?: Id | null;
	/** of which lead */
	lead_id?: Id | null;
	/** of which quote */
	document_id?: Id | null;
	/** its contact */
	contact_id?: Id | null;
	/** its company */
	account_id?: Id | null;
	/** whose it is */
	owner_id?: Id | null;
}

/** An order is further. */
export interface OrderChanged {
	/** which */
	sales_order_id: Id;
	/** its number */
	number: string;
	/** what it is about */
	title: string;
	/** what it comes to, without VAT */
	total?: Money | null;
	/** how far it is */
	state: 'open' | 'done' | 'cancelled';
	/** of which deal */
	deal_id?: Id | null;
	/** of which lead */
	lead_id?: Id | null;
	/** of which quote */
	document_id?: Id | null;
	/** its contact */
	contact_id?: Id | null;
	/** its company */
	account_id?: Id | null;
	/** whose it is */
	owner_id?: Id | null;
	/** from now on */
	version: number;
}

/** What became of a command of this service that an event asked for. */
export interface DocumentActionSettled {
	/** which action_wanted; told again when that was delivered again */
	action_id: Id;
	/** what became of it */
	state: 'done' | 'refused';
	/** refused: the error's code */
	code?: string | null;
	/** refused: more than the error's own sentence */
	detail?: string | null;
	/** done: the record made or changed */
	record_id?: Id | null;
	/** done: its short number */
	number?: number | null;
	/** done: its version */
	version?: number | null;
}

/** The data of each type. */
export interface EventTypes {
	'action.wanted': ActionWanted;
	'rule.changed': RuleChanged;
	'rule.fired': RuleFired;
	'hook_endpoint.changed': HookEndpointChanged;
	'hook.action_settled': HookActionSettled;
	'workspace.created': WorkspaceCreated;
	'workspace.updated': WorkspaceUpdated;
	'workspace.removed': WorkspaceRemoved;
	'demo.ended': DemoEnded;
	'member.changed': MemberChanged;
	'member.handed_over': MemberHandedOver;
	'workspace.preset_changed': WorkspacePresetChanged;
	'role.changed': RoleChanged;
	'session.ended': SessionEnded;
	'user.changed': UserChanged;
	'prefs.changed': PrefsChanged;
	'notices.changed': NoticesChanged;
	'reader.changed': ReaderChanged;
	'view.changed': ViewChanged;
	'source.added': SourceAdded;
	'source.changed': SourceChanged;
	'submission.settled': SubmissionSettled;
	'record.pushed': RecordPushed;
	'record.refused': RecordRefused;
	'lead.created': LeadCreated;
	'booking.told': BookingTold;
	'lead.updated': LeadUpdated;
	'lead.qualified': LeadQualified;
	'leads.erased': LeadsErased;
	'contact.created': ContactCreated;
	'contact.updated': ContactUpdated;
	'contact.trashed': ContactTrashed;
	'contact.restored': ContactRestored;
	'lead.contact_linked': LeadContactLinked;
	'deal.contact_linked': DealContactLinked;
	'activity.added': ActivityAdded;
	'activity.changed': ActivityChanged;
	'activity.removed': ActivityRemoved;
	'activity.restored': ActivityRestored;
	'account.created': AccountCreated;
	'account.updated': AccountUpdated;
	'file.added': AttachmentAdded;
	'file.removed': AttachmentRemoved;
	'file.restored': AttachmentRestored;
	'account.trashed': AccountTrashed;
	'account.restored': AccountRestored;
	'account.told': AccountTold;
	'contact.told': ContactTold;
	'location.added': LocationAdded;
	'location.changed': LocationChanged;
	'location.removed': LocationRemoved;
	'location.restored': LocationRestored;
	'deal.converted': DealConverted;
	'reminder.due': ReminderDue;
	'record.assigned': RecordAssigned;
	'notice.rung': NoticeRung;
	'tag.changed': TagChanged;
	'record.tagged': RecordTagged;
	'message.posted': MessagePosted;
	'message.changed': MessageChanged;
	'message.removed': MessageRemoved;
	'room.seen': RoomSeen;
	'linked.added': LinkedAdded;
	'linked.changed': LinkedChanged;
	'linked.removed': LinkedRemoved;
	'linked.restored': LinkedRestored;
	'push.skipped': PushSkipped;
	'push.waits': PushWaits;
	'push.settled': PushSettled;
	'fact.changed': FactChanged;
	'onboarding.changed': OnboardingChanged;
	'mention.made': MentionMade;
	'segment.changed': SegmentChanged;
	'segment.joined': SegmentJoined;
	'segment.left': SegmentLeft;
	'contact.purged': ContactPurged;
	'account.purged': AccountPurged;
	'contact.merged': ContactMerged;
	'contact.unmerged': ContactUnmerged;
	'account.merged': AccountMerged;
	'account.unmerged': AccountUnmerged;
	'erasure.asked': ErasureAsked;
	'person.erased': PersonErased;
	'erasure.settled': ErasureSettled;
	'import.changed': ImportChanged;
	'deal.import_asked': DealImportAsked;
	'deal.import_undone': DealImportUndone;
	'contact.action_settled': ContactActionSettled;
	'deal.created': DealCreated;
	'deal.updated': DealUpdated;
	'deal.stage_changed': DealStageChanged;
	'deal.followed_up': DealFollowedUp;
	'deal.conversion_asked': DealConversionAsked;
	'deals.erased': DealsErased;
	'deal.import_answered': DealImportAnswered;
	'deal.trashed': DealTrashed;
	'deal.restored': DealRestored;
	'deal.purged': DealPurged;
	'board.changed': BoardChanged;
	'catalogue.changed': CatalogueChanged;
	'custom_field.changed': CustomFieldChanged;
	'currency.changed': CurrencyChanged;
	'rate.changed': RateChanged;
	'deal.action_settled': DealActionSettled;
	'mail.queued': MailQueued;
	'mail.sent': MailSent;
	'mail.delivered': MailDelivered;
	'mail.opened': MailOpened;
	'mail.failed': MailFailed;
	'mail.cancelled': MailCancelled;
	'mail.received': MailReceived;
	'mail.assigned': MailAssigned;
	'mail.unassigned': MailUnassigned;
	'mail.dismissed': MailDismissed;
	'mail.thread_changed': MailThreadChanged;
	'suppression.changed': SuppressionChanged;
	'mail_account.changed': MailAccountChanged;
	'template.changed': TemplateChanged;
	'mail.action_settled': MailActionSettled;
	'company.changed': CompanyChanged;
	'catalog_item.changed': CatalogItemChanged;
	'series.changed': SeriesChanged;
	'quote.created': QuoteCreated;
	'quote.sent': QuoteSent;
	'quote.viewed': QuoteViewed;
	'quote.accepted': QuoteAccepted;
	'quote.declined': QuoteDeclined;
	'quote.expired': QuoteExpired;
	'invoice.created': InvoiceCreated;
	'invoice.finalised': InvoiceFinalised;
	'invoice.sent': InvoiceSent;
	'invoice.viewed': InvoiceViewed;
	'invoice.reminded': InvoiceReminded;
	'invoice.overdue': InvoiceOverdue;
	'invoice.paid': InvoicePaid;
	'credit_note.created': CreditNoteCreated;
	'credit_note.finalised': CreditNoteFinalised;
	'credit_note.sent': CreditNoteSent;
	'document.changed': DocumentChanged;
	'payment.received': PaymentReceived;
	'account.balance_changed': BalanceChanged;
	'document.mail_wanted': DocumentMailWanted;
	'statement.imported': StatementImported;
	'pay_provider.changed': PayProviderChanged;
	'recurrence.changed': RecurrenceChanged;
	'order.created': OrderCreated;
	'order.changed': OrderChanged;
	'document.action_settled': DocumentActionSettled;
}

/** What stands around the data. */
export interface Envelope {
	id: Id;
	source: string;
	subject?: Id;
	time: string;
	recorded?: string;
	workspace: Id;
	lane: number;
	sequence: string;
	correlation?: Id;
	causation?: Id;
	depth?: number;
	actor?: Id;
}
export type CrmEvent = { [T in keyof EventTypes]: Envelope & { type: T; data: EventTypes[T] } }[keyof EventTypes];
