-- How people are told of news is said to whoever tells them, where that changed; of those who are there already it was never said.
alter table gateway.member add column untold bigint not null default 1;
alter table gateway.member alter column untold set default 0;
create index member_untold on gateway.member (workspace_id) where untold > 0;
comment on column gateway.member.untold is 'how often it changed how they are told of news since that was last said; 0: it was said';
