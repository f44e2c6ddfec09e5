-- Accounts that log in by OAuth 2 instead of a password: whose app asks, and what its provider gave. Tokens are sealed and end; each is made new before it does.
create table mailer.oauth (
	workspace_id uuid not null,
	account_id uuid not null,
	provider text not null,
	tenant text,
	authorize_url text,
	token_url text,
	scope text,
	client_id text not null,
	secret_sealed text,
	state text not null,
	told text not null,
	error text,
	asked_by uuid,
	asked_until timestamptz,
	state_hash text collate "C",
	redirect text,
	verifier_sealed text,
	code_sealed text,
	refresh_sealed text,
	access_sealed text,
	expires_at timestamptz,
	granted_at timestamptz,
	refreshed_at timestamptz,
	fails int not null,
	next_at timestamptz not null,
	attempt bigint not null,
	owner text,
	lease_until timestamptz,
	primary key (workspace_id, account_id)
);
create index oauth_due on mailer.oauth (next_at);
create index oauth_untold on mailer.oauth (workspace_id) where told <> state;
comment on table mailer.oauth is 'How an account logs in by OAuth 2: the workspace''s own app at a provider, and the tokens that it was given. An account without a row has a password';
comment on column mailer.oauth.workspace_id is 'whose';
comment on column mailer.oauth.account_id is 'the account that logs in so, to send and to look into its mailbox';
comment on column mailer.oauth.provider is 'google, microsoft or other; not personal';
comment on column mailer.oauth.tenant is 'of Microsoft: the directory; null: any; not personal';
comment on column mailer.oauth.authorize_url is 'of another provider: where somebody says yes; not personal';
comment on column mailer.oauth.token_url is 'of another provider: where tokens are given; not personal';
comment on column mailer.oauth.scope is 'what is asked for; null: the provider''s usual; not personal';
comment on column mailer.oauth.client_id is 'the app''s name at the provider; not personal';
comment on column mailer.oauth.secret_sealed is 'the app''s secret, sealed by CRM_KEY; never read back; not personal';
comment on column mailer.oauth.state is 'none (nobody logged in yet), asked (a code is being turned into tokens), works, expired or refused; not personal';
comment on column mailer.oauth.told is 'the state that was said last: mail_account.changed; not personal';
comment on column mailer.oauth.error is 'what is wrong, in the provider''s words or ours; personal';
comment on column mailer.oauth.asked_by is 'who began the log-in that is under way, and alone may end it';
comment on column mailer.oauth.asked_until is 'when that is void';
comment on column mailer.oauth.state_hash is 'SHA-256 of the token by which it comes back; used once; not personal';
comment on column mailer.oauth.redirect is 'where it comes back to; not personal';
comment on column mailer.oauth.verifier_sealed is 'its PKCE verifier, sealed; not personal';
comment on column mailer.oauth.code_sealed is 'the code that came back, sealed, until it was exchanged; not personal';
comment on column mailer.oauth.refresh_sealed is 'what new tokens are asked for with, sealed; not personal';
comment on column mailer.oauth.access_sealed is 'what servers take in a password''s stead, sealed; not personal';
comment on column mailer.oauth.expires_at is 'when that ends';
comment on column mailer.oauth.granted_at is 'when somebody last logged in';
comment on column mailer.oauth.refreshed_at is 'when a token was last given';
comment on column mailer.oauth.fails is 'how often in a row the provider could not be asked: each time it waits longer';
comment on column mailer.oauth.next_at is 'when it is asked next; infinity: not by itself';
comment on column mailer.oauth.attempt is 'counts the times that somebody began to, and log-ins';
comment on column mailer.oauth.owner is 'the process that asks; not personal';
comment on column mailer.oauth.lease_until is 'until when that may take; what it is told counts for nothing after somebody else began';

alter table mailer.mailbox alter column sealed drop not null;
comment on column mailer.mailbox.sealed is 'its password, sealed by CRM_KEY; never read back; null: its account logs in by OAuth; not personal';

alter table mailer.oauth enable row level security;
create policy workspaces_asked on mailer.oauth for select to mailer_read
	using (workspace_id = any ((select nullif(current_setting('crm.workspaces', true), ''))::uuid[]));
revoke all on mailer.oauth from mailer_read;
grant select (workspace_id, account_id, provider, tenant, authorize_url, token_url, scope, client_id, state, error, expires_at, granted_at) on mailer.oauth to mailer_read;
