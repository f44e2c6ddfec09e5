-- VAT in euro on documents in another currency; quotes as they were sent until they are drawn; final documents are not thrown away
-- either; and what is looked for by its number is found by an index.
alter table billing.document add column rate text;
alter table billing.document add column rate_day date;
alter table billing.document add column vat_euro bigint;
comment on column billing.document.rate is 'what one euro is in its currency, exact decimal text; not personal';
comment on column billing.document.rate_day is 'on which day';
comment on column billing.document.vat_euro is 'its VAT by that, in cents of a euro';
alter table billing.render add column quote jsonb;
comment on column billing.render.quote is 'a quote as it was sent in this version, until it is drawn; personal';
create index document_number_asked on billing.document (workspace_id, upper(number)) where number is not null;

create or replace function billing.final_stays() returns trigger language plpgsql set search_path = billing, pg_temp as $$
begin
	if old.finalised_at is null then
		return case tg_op when 'DELETE' then old else new end;
	end if;
	if tg_op = 'DELETE' then
		if exists (select from billing.workspace w where w.workspace_id = old.workspace_id and w.removing) then
			return old;
		end if;
		raise exception 'document % is final: it cannot be deleted', old.id using errcode = 'restrict_violation';
	end if;
	if (old.kind, old.number, old.series_year, old.series_seq, old.revision, old.language, old.currency, old.mode, old.buyer, old.seller, old.title, old.intro, old.notes, old.issued, old.due, old.supplied, old.buyer_reference, old.order_reference, old.lines, old.discount, old.discount_amount, old.discount_reason, old.prepaid, old.rounding, old.net, old.vat, old.gross, old.payable, old.rate, old.rate_day, old.vat_euro, old.groups, old.quote_id, old.part, old.original_id, old.finalised_at, old.removed_at)
		is distinct from
		(new.kind, new.number, new.series_year, new.series_seq, new.revision, new.language, new.currency, new.mode, new.buyer, new.seller, new.title, new.intro, new.notes, new.issued, new.due, new.supplied, new.buyer_reference, new.order_reference, new.lines, new.discount, new.discount_amount, new.discount_reason, new.prepaid, new.rounding, new.net, new.vat, new.gross, new.payable, new.rate, new.rate_day, new.vat_euro, new.groups, new.quote_id, new.part, new.original_id, new.finalised_at, new.removed_at) then
		raise exception 'document % is final: it cannot be changed', old.id using errcode = 'restrict_violation';
	end if;
	return new;
end
$$;
