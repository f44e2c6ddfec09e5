-- What somebody marked one by one of their news, beside how far they have looked.
alter table gateway.user add column news_marks jsonb;
comment on column gateway.user.news_marks is 'by id of the news when it was marked read, in microseconds since 1970; unread: below zero; the last 500';
