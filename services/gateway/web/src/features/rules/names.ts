/* What ids and keys in a rule mean, in a workspace: stages, people, tags, templates, webhooks, segments, values of catalogues, own fields. */
import { useMemo } from 'react';
import { type OwnField, useItems, useOwnFields, useSetPipelines } from '../../api/boards';
import { useMembers } from '../../api/queries';
import { useScope } from '../../app/scope';
import { labelOf, useLanguage, useT } from '../../i18n';
import type { Choice } from '../../ui/field';
import { useTags } from '../activities/model';
import { useSegments } from '../segments/model';
import { useEndpoints } from '../settings/webhook-reads';
import { useTemplates } from '../templates/model';
import type { Own } from './offer';
import type { Saying } from './say';

export interface Known extends Saying {
	/* to choose from */
	stages: Choice[]; users: Choice[]; tags: Choice[]; templates: Choice[]; endpoints: Choice[]; segments: Choice[];
	items(catalogue: string): Choice[];
	/* keys of this stage and of those behind it, in each pipeline that has it */
	stagesFrom(key: string): string[];
	own: Own[];
	ownField(name: string): OwnField | undefined;
}

export function useKnown(slug: string): Known {
	const t = useT();
	const language = useLanguage();
	const { formats, may } = useScope();
	const pipelines = useSetPipelines(slug).data;
	const members = useMembers(slug).data;
	const tags = useTags(slug).data;
	const templates = useTemplates(slug).data;
	const endpoints = useEndpoints(may('crm-settings') ? slug : '').data;
	const segments = useSegments(slug).data;
	const items = useItems(slug).data;
	const deal = useOwnFields(slug, 'deal').data, contact = useOwnFields(slug, 'contact').data, account = useOwnFields(slug, 'account').data;
	return useMemo(() => {
		const stages = (pipelines ?? []).filter((one) => !one.archived).flatMap((one) => one.stages.map((stage) => ({ stage, pipeline: labelOf(one.label, language, one.key) })));
		const several = new Set(stages.map(({ pipeline }) => pipeline)).size > 1;
		const every = (pipelines ?? []).flatMap((one) => one.stages);
		const own: Own[] = [{ about: 'deal', fields: deal ?? [] }, { about: 'contact', fields: contact ?? [] }, { about: 'account', fields: account ?? [] }];
		const ownOf = (about: string, key: string) => own.find((one) => one.about === about)?.fields.find((one) => one.key === key);
		const name = (list: ReadonlyArray<Choice>) => { const map = new Map(list.map((one) => [one.value, one.label])); return (id: string) => map.get(id) ?? null; };
		const users = [...new Map((members ?? []).map((one) => [one.id, one.name])).entries()].map(([value, label]) => ({ value, label }));
		const tagged = (tags ?? []).map((one) => ({ value: one.id, label: one.label }));
		const written = (templates ?? []).map((one) => ({ value: one.id, label: one.name }));
		const hooks = (endpoints ?? []).map((one) => ({ value: one.id, label: one.name }));
		const groups = (segments ?? []).map((one) => ({ value: one.id, label: one.name }));
		const itemOf = (catalogue: string, key: string) => (items ?? []).find((one) => one.catalogue === catalogue && one.key === key);
		return {
			t, users, tags: tagged, templates: written, endpoints: hooks, segments: groups, own,
			/* by its key: a rule that is taken along to another workspace means the stage that is called so there */
			stages: [...new Map(stages.map(({ stage, pipeline }) => [stage.key, { value: stage.key, label: several ? `${pipeline}: ${labelOf(stage.label, language, stage.key)}` : labelOf(stage.label, language, stage.key) }])).values()],
			stagesFrom: (key) => [...new Set((pipelines ?? []).filter((one) => !one.archived).flatMap((one) => {
				const at = one.stages.findIndex((stage) => stage.key === key);
				return at < 0 ? [] : one.stages.slice(at).map((stage) => stage.key);
			}))],
			items: (catalogue) => (items ?? []).filter((one) => one.catalogue === catalogue && !one.retired).map((one) => ({ value: one.key, label: labelOf(one.label, language, one.key) })),
			ownField: (fact) => { const found = /^([a-z]+)\.custom\.(.+)$/.exec(fact); return found ? ownOf(found[1] ?? '', found[2] ?? '') : undefined; },
			names: {
				stage: (key) => { const found = every.find((one) => one.key === key || one.id === key); return found ? labelOf(found.label, language, found.key) : null; },
				user: name(users), tag: name(tagged), template: name(written), endpoint: name(hooks), segment: name(groups),
				own: (about, key) => { const found = ownOf(about, key); return found ? labelOf(found.label, language, found.key) : null; },
				ownChoice: (about, key, value) => { const found = ownOf(about, key)?.choices?.find((one) => one.key === value); return found ? labelOf(found.label, language, found.key) : null; },
				item: (catalogue, key) => { const found = itemOf(catalogue, key); return found ? labelOf(found.label, language, key) : null; },
				date: (day) => (day.length > 10 ? formats.moment(day) : formats.date(day)),
				money: (amount, currency) => formats.money({ amount, currency }),
				number: (text) => formats.figure(text),
			},
		};
	}, [t, language, formats, pipelines, members, tags, templates, endpoints, segments, items, deal, contact, account]);
}
