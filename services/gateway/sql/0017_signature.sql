-- What somebody puts under the mails that they write.
alter table gateway.user add column signature text;
comment on column gateway.user.signature is 'what stands under the mails that they write: **bold**, _italic_ and links; null: nothing';
select gateway.says_of_people('not personal', 'user.signature');
