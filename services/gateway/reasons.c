/* Why no lead came of a request: lead-intake keeps a sentence in English with it, for its sender and for who looks at it; a person reads it in their language.
 * It must never say anything else than what was kept. */
#include <string.h>

#include "gateway.h"

/* A star: what differs from one to the other. */
static const struct {
	const char *en, *nl;
} reasons[] = {
	{ "A field that no person sees was filled in.", "Een veld dat geen mens ziet is ingevuld." },
	{ "It brings no stamp (_stamp) of when its page was opened.",
	  "Er is geen stempel (_stamp) bij van wanneer de pagina werd geopend." },
	{ "Its stamp (_stamp) is not one that was given to this form.",
	  "De stempel (_stamp) is er geen die aan dit formulier is gegeven." },
	{ "Its stamp (_stamp) is of a time that has not come yet.", "De stempel (_stamp) is van een moment dat nog moet komen." },
	{ "It was sent * seconds after its page was opened: a person needs at least *.",
	  "Het is * seconden na het openen van de pagina gestuurd: een mens heeft er minstens * nodig." },
	{ "Its page was opened more than * days before.", "De pagina was meer dan * dagen eerder geopend." },
	{ "Line *, column *: it ends before it is whole.", "Regel *, kolom *: het houdt op voordat het af is." },
	{ "Line *, column *: *.", "Regel *, kolom *: vanaf hier is het geen JSON." },
	{ "Nothing lies at *.", "Op * staat niets." },
	{ "Item * of the array is not an object with fields.", "Onderdeel * van de lijst is geen object met velden." },
	{ "The body is nested more than 32 levels deep.", "De inhoud is dieper dan 32 lagen." },
	{ "A field is longer than 64 KiB.", "Een veld is langer dan 64 KiB." },
	{ "The body has more than 200 fields.", "De inhoud heeft meer dan 200 velden." },
	{ "A field's name is longer than 1,000 bytes.", "De naam van een veld is langer dan 1.000 bytes." },
	{ "The body holds no field at all.", "De inhoud heeft geen enkel veld." },
	{ "The body must be an object, or an array of objects.", "De inhoud moet een object zijn, of een lijst van objecten." },
	{ "The array holds no lead.", "De lijst bevat geen lead." },
	{ "The array holds more than 10,000 leads.", "De lijst bevat meer dan 10.000 leads." },
	{ "The form has more than 2,000 values.", "Het formulier heeft meer dan 2.000 waarden." },
	{ "A value of the form is not text, or its name is longer than 1,000 bytes.",
	  "Een waarde van het formulier is geen tekst, of haar naam is langer dan 1.000 bytes." },
	{ "A form may carry 10 files, 25 MB together.", "Een formulier mag 10 bestanden meebrengen, samen 25 MB." },
	{ "No line of it is a name and a value, as in Name: Jane.", "Geen regel ervan is een naam en een waarde, zoals in Naam: Jan." },
	{ "No lead was found in it.", "Er staat geen lead in." },
	{ "It holds records of another system, no leads.", "Het bevat gegevens van een ander systeem, geen leads." },
	{ "Records are sent as application/json.", "Gegevens worden als application/json gestuurd." },
	{ "One request may hold 1,000 records.", "Een verzoek mag 1.000 gegevens bevatten." },
	{ "All leads of one request go to one client.", "Alle leads van een verzoek gaan naar een klant." },
	{ "The request names no client_id.", "Het verzoek noemt geen client_id." },
	{ "It was signed longer ago than this sender allows.", "Het is langer geleden ondertekend dan deze afzender toestaat." },
	{ "The key is not the one of this form.", "De sleutel is niet die van dit formulier." },
	{ "It only names what is to be asked of its sender: that has not been asked yet.",
	  "Het noemt alleen wat bij de afzender is op te halen: dat is nog niet gebeurd." },
	{ "A message of a conversation: it is kept, and not yet part of any conversation here.",
	  "Een bericht uit een gesprek: het is bewaard, en nog geen deel van een gesprek hier." },
	{ "An appointment was moved: it is kept, and not yet told to its lead.",
	  "Een afspraak is verzet: het is bewaard, en nog niet bij de lead gezet." },
	{ "It was called off or taken back: it is kept, and not yet told to its lead.",
	  "Het is afgezegd of ingetrokken: het is bewaard, en nog niet bij de lead gezet." },
	{ "It was called off or taken back: it is kept, and not told to any lead.",
	  "Het is afgezegd of ingetrokken: het is bewaard, en bij geen lead gezet." },
	{ "An appointment is at another time: its lead says so.", "Een afspraak is verzet: het staat bij de lead." },
	{ "An appointment is at another time: what says when tells its lead.",
	  "Een afspraak is verzet: het bericht met de nieuwe tijd zet het bij de lead." },
	{ "An appointment was called off: its lead says so.", "Een afspraak is afgezegd: het staat bij de lead." },
	{ "Whether anybody came to an appointment: its lead says so.", "Of er iemand op de afspraak kwam: het staat bij de lead." },
	{ "It tells of an appointment that is not known here.", "Het gaat over een afspraak die hier niet bekend is." },
	{ "What became of its appointment since is known already.", "Wat er daarna van de afspraak werd, is al bekend." },
	{ "Its sender tries the way in: no lead comes of it.", "De afzender probeert de bron uit: er komt geen lead van." },
	{ "Its sender tries the source: no lead comes of it.", "De afzender probeert de bron uit: er komt geen lead van." },
	{ "Somebody tried the address: no lead comes of it.", "Iemand probeerde het adres uit: er komt geen lead van." },
	{ "How far a message of ours is: it is kept, and not yet told to any conversation here.",
	  "Hoe ver een bericht van ons is: het is bewaard, en nog niet bij een gesprek hier gezet." },
	{ "the form is not finished", "het formulier is niet afgemaakt" },
	{ "no contact was made", "er is geen contact gemaakt" },
	{ "another field than leadgen changed", "een ander veld dan leadgen is gewijzigd" },
	{ "neither a message nor how far one is", "geen bericht, en niet hoe ver er een is" },
	{ "Its bytes were erased.", "De inhoud is gewist." },
};

enum { STARS_MOST = 4 };

struct piece {
	const char *at;
	size_t n;
};

/* What stands where the pattern has its stars. */
static bool pattern_fits (const char *pattern, const char *text, struct piece ret[STARS_MOST])
{
	for (size_t star = 0;; star++) {
		size_t n = strcspn (pattern, "*");
		if (strncmp (text, pattern, n) != 0)
			return false;
		pattern += n;
		text += n;
		if (!*pattern || star == STARS_MOST)
			return !*text;
		size_t rest = strcspn (++pattern, "*");
		const char *end = *pattern ? NULL : text + strlen (text);
		for (const char *at = text; *at && !end; at++)
			if (strncmp (at, pattern, rest) == 0 && (pattern[rest] || strlen (at) == rest))
				end = at;
		if (!end)
			return false;
		ret[star] = (struct piece){ text, (size_t) (end - text) };
		text = end;
	}
}

static const char *pattern_fill (struct arena *a, const char *pattern, const struct piece piece[])
{
	struct buffer out = { 0 };
	for (size_t star = 0; *pattern; star++) {
		size_t n = strcspn (pattern, "*");
		buffer_add (&out, pattern, n);
		pattern += n;
		if (*pattern) {
			buffer_add (&out, piece[star].at, piece[star].n);
			pattern++;
		}
	}
	const char *ret = arena_copy (a, (const char *) out.at, out.n);
	buffer_fini (&out);
	return ret;
}

const char *reason_in (struct arena *a, const char *language, const char *reason)
{
	struct piece piece[STARS_MOST];
	bool dutch = strcmp (language, "nl") == 0;
	for (size_t i = 0; dutch && i < LENGTH (reasons); i++)
		if (pattern_fits (reasons[i].en, reason, piece))
			return pattern_fill (a, reasons[i].nl, piece);
	for (size_t i = 0; dutch && i < ERROR_COUNT; i++) /* without more words: the error's own sentence */
		if (strcmp (error_rows[i].en, reason) == 0)
			return error_rows[i].nl;
	return reason;
}
