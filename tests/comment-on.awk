# Reads migrations and names every table and column that no `comment on` speaks of.
# usage: awk -f comment-on.awk 0001_init.sql …

function clean (line)
{
	sub (/--.*/, "", line)
	return tolower (line)
}

# The names of the columns of `create table t ( … )`: the first word between commas at depth one.
function table_read (name, body,    i, c, depth, part, word)
{
	depth = 0
	part = ""
	for (i = 1; i <= length (body); i++) {
		c = substr (body, i, 1)
		if (c == "(" && ++depth == 1)
			continue
		if ((c == ")" && --depth == 0) || (c == "," && depth == 1)) {
			gsub (/^[ \t\n]+/, "", part)
			word = part
			sub (/[ \t\n(].*/, "", word)
			gsub (/"/, "", word)
			if (word != "" && word !~ /^(primary|unique|foreign|check|constraint|exclude|like)$/)
				want[name "." word] = FILENAME
			part = ""
			if (depth == 0)
				return
			continue
		}
		part = part c
	}
}

function statement_read (s,    name)
{
	if (s ~ /^[ \t\n]*create[ \t\n]+(unlogged[ \t\n]+)?table/) {
		sub (/^[ \t\n]*create[ \t\n]+(unlogged[ \t\n]+)?table[ \t\n]+(if[ \t\n]+not[ \t\n]+exists[ \t\n]+)?/, "", s)
		name = s
		sub (/[ \t\n(].*/, "", name)
		if (s ~ /^[^(]*partition[ \t\n]+of/)
			return
		want[name] = FILENAME
		if (match (s, /\(/))
			table_read(name, substr (s, RSTART))
	} else if (s ~ /^[ \t\n]*alter[ \t\n]+table.*add[ \t\n]+column/) {
		sub (/^[ \t\n]*alter[ \t\n]+table[ \t\n]+(only[ \t\n]+)?/, "", s)
		name = s
		sub (/[ \t\n].*/, "", name)
		while (match (s, /add[ \t\n]+column[ \t\n]+(if[ \t\n]+not[ \t\n]+exists[ \t\n]+)?[a-z_0-9]+/)) {
			word = substr (s, RSTART, RLENGTH)
			sub (/.*[ \t\n]/, "", word)
			want[name "." word] = FILENAME
			s = substr (s, RSTART + RLENGTH)
		}
	} else if (match (s, /comment[ \t\n]+on[ \t\n]+(table|column)[ \t\n]+[a-z_0-9."]+/)) {
		name = substr (s, RSTART, RLENGTH)
		sub (/.*[ \t\n]/, "", name)
		said[name] = 1
	}
}

FNR == 1 {
	text = ""
}

{
	text = text clean($0) "\n"
	if (text ~ /;[ \t]*\n$/) {
		statement_read(text)
		text = ""
	}
}

END {
	for (name in want)
		if (!(name in said))
			print want[name] ": no comment on " name
}
