-- What was said in the team's conversation is told to nobody who may not read it.
alter table mailer.member add column chats boolean;
comment on column mailer.member.chats is 'whether they read the team''s conversation; null: not heard yet, not; not personal';
