/* Which texts the first page does without: those of the settings, the mails, the dashboard and the like come in a file of their own, with these pages.
   Whoever uses one elsewhere names it in NEAR; a test says so. */
const FAR = new Set(['preset', 'users', 'stages', 'audit', 'audit_field', 'audit_page', 'apikeys', 'catalogues', 'catalogue_about', 'currencies', 'fields', 'teams', 'roles', 'systems', 'webhooks', 'webhook_state', 'webhook_sent', 'webhook_error', 'webhook_group', 'webhook_event', 'permission', 'privacy', 'dashboard', 'segments', 'segment_field', 'segment_op', 'segment_pick', 'segment_of', 'templates', 'template_place', 'template_language', 'import', 'import_field', 'import_reason', 'import_state', 'moving_kind', 'moving_system', 'mail', 'mail_state', 'mail_set', 'mail_fix', 'mail_login', 'mail_login_app', 'mail_login_state', 'mailbox_fix', 'canary', 'mail_setup', 'mail_step', 'dns_role', 'dns_for', 'dns_state', 'dns_why', 'suppression', 'docs', 'merge', 'workspaces', 'totp', 'profile', 'photo', 'sessions', 'password', 'company', 'items', 'series', 'pay_set', 'payments', 'statements', 'reports', 'recur', 'orders', 'unit', 'tax', 'doc_kind', 'doc_kinds', 'doc_every', 'order_state', 'pay_method', 'line_state', 'line_why', 'quotes', 'invoices', 'doc', 'doc_state', 'doc_wrong', 'doc_refused', 'doc_missing', 'doc_tax', 'doc_party', 'doc_period']);
const NEAR = new Set(['preset.deals', 'users.edit', 'users.role', 'users.language', 'users.actions_of', 'stages.chance_wrong', 'dashboard.no_next', 'dashboard.stuck', 'dashboard.incomplete', 'segments.filter', 'segments.any', 'mail.title', 'docs.title', 'workspaces.empty', 'workspaces.empty_text', 'workspaces.none_text', 'workspaces.people']);
/* of what rings: the page and its choices; the bell itself is near */
const FAR_NEWS = /^news\.(choice|desktop|digest|mail|push|kind|sub$|every$|none_unread|none_fits|none_kind|show_all|unread$)/;

/* the key as the code names it: without a profile's mark and without the form for a count */
export const plain = (key: string): string => key.replace(/@\w+$/, '').replace(/_(one|other)$/, '');

export const isFar = (key: string): boolean => (FAR.has(key.slice(0, key.indexOf('.'))) && !NEAR.has(plain(key))) || FAR_NEWS.test(key);
/* the folders of the pages that bring them */
export const FAR_PAGES = /features\/(?:(?:documents|settings|dashboard|segments|templates|imports|mail|docs|duplicates|profile|money|billing)\/|notifications\/(?:page|choices))/;
