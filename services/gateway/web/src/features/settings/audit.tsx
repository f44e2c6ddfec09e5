/* Who did what to whom, and when: everything that concerns rights, settings and exports, newest first. The filters stand in
   the address; what was is shown beside what is, where the log knows it. */
import { useMemo } from 'react';
import { problemText } from '../../app/problems';
import { useAppSearch, useGo, useScope, useWorkspaceName } from '../../app/scope';
import { useItems, useOwnFields, useSetPipelines } from '../../api/boards';
import { labelOf, sayValue, useLanguage, useT } from '../../i18n';
import { knownZone, midnight } from '../../lib/format';
import { itemName, useCatalogItems } from '../billing/items';
import { useSegments } from '../segments/model';
import { useTemplates } from '../templates/model';
import { Avatar, Empty } from '../../ui/bits';
import { Button } from '../../ui/button';
import { SelectField, TextField } from '../../ui/field';
import { Icon } from '../../ui/icons';
import { HelpMore, PageHead, useTitle } from '../../ui/page';
import { type Column, Table, TableSkeleton } from '../../ui/table';
import { type AuditWords, changesOf } from './audit-words';
import { type AuditLine, useApiKeys, useAudit, usePeople, useRoleName, useTeams } from './people';
import './settings.css';

const KINDS = ['user_add', 'user_invite', 'invite_accept', 'invite_withdraw', 'user_update', 'member_set', 'member_hand_over', 'team_add', 'team_update', 'team_drop', 'role_set', 'apikey_add', 'apikey_revoke',
	'password_set', 'password_forget', 'password_reset', 'totp_confirm', 'totp_recovery', 'totp_off', 'sessions_close', 'workspace_add', 'workspace_update', 'preset_set', 'pipeline_add', 'pipeline_update', 'stage_add', 'stage_update', 'stage_remove', 'item_add', 'item_update', 'custom_field_add', 'custom_field_update', 'currency_set', 'rate_put', 'rate_update', 'rate_remove', 'source_add', 'source_update', 'source_remove', 'source_restore', 'source_rotate', 'onboarding_set', 'mail_settings_set', 'company_set', 'series_set', 'catalog_item_add', 'catalog_item_update', 'catalog_item_remove', 'catalog_item_restore', 'pay_provider_add', 'pay_provider_update', 'pay_provider_remove', 'template_add', 'template_update', 'template_remove', 'template_restore', 'segment_add', 'segment_update', 'segment_remove', 'tag_update', 'tag_remove', 'mail_account_add', 'mail_account_update', 'mail_account_remove', 'rule_add', 'rule_update', 'rule_remove', 'rule_restore', 'hook_endpoint_add', 'hook_endpoint_update', 'hook_endpoint_remove', 'hook_secret_rotate', 'hook_test', 'hook_resend', 'export', 'import_open', 'import_confirm', 'import_cancel', 'import_undo', 'person_export', 'person_erase', 'demo_remove', 'setup_finish'];

export function AuditPage() {
	const t = useT();
	const go = useGo();
	const { me, workspace, slug } = useScope();
	const { what, by, from, to } = useAppSearch();
	const zone = knownZone(me.user.timezone, (workspace ?? me.workspaces[0])?.timezone);
	const { data: people } = usePeople();
	const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useAudit({
		workspace: slug, actor: by, what, from: from ? midnight(from, zone) : undefined, to: to ? midnight(to, zone, 1) : undefined,
	});
	const lines = useMemo(() => (data?.pages ?? []).flatMap((page) => page.data), [data]);
	const columns = useColumns();
	useTitle(t('settings.audit'), workspace?.name ?? t('workspace.all'));
	const filtered = Boolean(what || by || from || to);
	const clear = <Button icon="x" onClick={() => go.search({ what: undefined, by: undefined, from: undefined, to: undefined }, true)}>{t('audit_page.clear')}</Button>;
	return (
		<>
			<PageHead title={t('settings.audit')} sub={t('audit_page.sub')} help="audit" />
			<div className="bar filters">
				<SelectField label={t('audit_page.who')} value={by ?? null} clearable placeholder={t('audit_page.everybody')} empty={t('form.nothing_found')} onChange={(next) => go.search({ by: next ?? undefined }, true)}
					choices={(people ?? []).map((one) => ({ value: one.id, label: one.name }))} />
				<SelectField label={t('audit_page.what')} value={what ?? null} clearable placeholder={t('audit_page.everything')} empty={t('form.nothing_found')} onChange={(next) => go.search({ what: next ?? undefined }, true)}
					choices={KINDS.map((one) => ({ value: one, label: sayValue('audit', one) }))} />
				<TextField label={t('audit_page.from')} name="from" type="date" value={from ?? ''} onChange={(next) => go.search({ from: next || undefined }, true)} />
				<TextField label={t('audit_page.to')} name="to" type="date" value={to ?? ''} onChange={(next) => go.search({ to: next || undefined }, true)} />
				{filtered && clear}
			</div>
			{!data && !error && <TableSkeleton />}
			{error && !data && <Empty icon="alert" title={t('audit_page.failed')}><p>{problemText(error)}</p><Button icon="refresh" onClick={() => void refetch()}>{t('error.retry')}</Button></Empty>}
			{data && lines.length > 0 && <Table label={t('settings.audit')} columns={columns} rows={lines} idOf={(line) => line.id}
				more={hasNextPage && <div className="column-more"><Button onClick={() => void fetchNextPage()} disabled={isFetchingNextPage}>{t(isFetchingNextPage ? 'common.loading' : 'common.more')}</Button></div>} />}
			{data && lines.length === 0 && <Empty icon="history" title={t('audit_page.empty')}><p>{t(filtered ? 'audit_page.empty_filtered' : 'audit_page.empty_text')}</p>{filtered ? clear : <HelpMore page="audit" />}</Empty>}
		</>
	);
}

function useAuditWords(): AuditWords {
	const { formats, slug } = useScope();
	const { data: people } = usePeople();
	const { data: teams } = useTeams();
	const { data: apiKeys } = useApiKeys(slug);
	const { data: pipelines } = useSetPipelines(slug);
	const { data: items } = useItems(slug);
	const { data: fields } = useOwnFields(slug);
	const goods = useCatalogItems(slug).data;
	const goneGoods = useCatalogItems(slug, { removed: true }).data;
	const { data: templates } = useTemplates(slug ?? '');
	const { data: segments } = useSegments(slug);
	const language = useLanguage();
	return {
		t: useT(), language, formats, role: useRoleName(), workspace: useWorkspaceName(),
		person: (id) => people?.find((one) => one.id === id)?.name ?? null,
		team: (id) => teams?.find((one) => one.id === id)?.name ?? null,
		set: (id) => {
			const stages = (pipelines ?? []).flatMap((one) => one.stages);
			const found = [...(pipelines ?? []), ...stages, ...(items ?? []), ...(fields ?? [])].find((one) => one.id === id) ?? [...stages, ...(pipelines ?? [])].find((one) => one.key === id);
			const item = [...(goods ?? []), ...(goneGoods ?? [])].find((one) => one.id === id);
			return found ? labelOf(found.label, language, found.key) : item ? itemName(item, language) : [...(templates ?? []), ...(segments ?? [])].find((one) => one.id === id)?.name ?? null;
		},
		apiKey: (id) => {
			const found = apiKeys?.find((one) => one.id === id);
			return found ? (found.name ?? found.prefix) : null;
		},
	};
}

function useColumns(): Array<Column<AuditLine>> {
	const t = useT();
	const { workspace, formats } = useScope();
	const nameOf = useWorkspaceName();
	const words = useAuditWords();
	const place = (line: AuditLine) => line.workspace_id ? nameOf(line.workspace_id) : t('audit_page.firm');
	return [
		{ key: 'at', label: t('audit_page.when'), cell: (line) => <time className="num nowrap" dateTime={line.at}>{formats.moment(line.at)}</time> },
		{ key: 'by', label: t('audit_page.who'), cell: (line) => <Who line={line} /> },
		{ key: 'what', label: t('audit_page.what'), cell: (line) => <span className="two-lines"><b>{sayValue('audit', line.what)}</b>{line.about && <small>{line.about.name}</small>}</span> },
		{ key: 'detail', label: t('audit_page.detail'), cell: (line) => {
			const changes = changesOf(line, words);
			return changes.length ? <ul className="changes">{changes.map((one) => (
				<li key={one.key}><span className="muted">{one.label}</span> {one.was !== undefined && <><s>{one.was}</s> <span aria-hidden="true">→</span><span className="hidden-text">{t('timeline.to')}</span> </>}{one.is}</li>
			))}</ul> : <span className="muted">—</span>;
		} },
		...(workspace ? [] : [{ key: 'place', label: t('audit_page.where'), cell: place }]),
	];
}

function Who({ line: { actor } }: { line: AuditLine }) {
	const t = useT();
	if (actor.kind === 'operator')
		return <span className="person"><Icon name="settings" /><span className="cut">{t('audit_by.operator')}</span></span>;
	if (actor.kind === 'key')
		return <span className="person"><Icon name="key" /><span className="cut">{actor.name ?? t('audit_by.key')}</span></span>;
	return actor.name ? <span className="person"><Avatar name={actor.name} /><span className="cut">{actor.name}</span></span> : <span className="muted">{t('audit_by.admin')}</span>;
}
