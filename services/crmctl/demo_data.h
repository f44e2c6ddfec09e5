/* Who is in the demo workspaces: names, firms and wishes as people of that trade would write them. Made up, all of them. */
#ifndef LEADWIRE_DEMO_DATA_H
#define LEADWIRE_DEMO_DATA_H

#include "demo.h"

#define TEXTS(...)                                                                                                          \
	{                                                                                                                   \
		(const char *const[]){ __VA_ARGS__ }, sizeof ((const char *const[]){ __VA_ARGS__ }) / sizeof (const char *) \
	}

static const struct demo_text dutch_first = TEXTS ("Piet", "Anna", "Kees", "Sanne", "Jan", "Lotte", "Daan", "Femke", "Bram", "Eva", "Joost",
						   "Maaike", "Sjoerd", "Noor", "Ruben", "Iris", "Thijs", "Marieke", "Willem", "Fatima",
						   "Youssef", "Roos", "Stijn", "Hanneke", "Gerrit", "Yara");
static const struct demo_text dutch_last = TEXTS ("de Vries", "Bakker", "Jansen", "van den Berg", "Visser", "Smit", "Meijer", "de Boer",
						  "Mulder", "Bos", "Vos", "Peters", "Hendriks", "van Leeuwen", "Dekker", "Brouwer",
						  "de Wit", "Dijkstra", "Kok", "van der Meer", "el Amrani", "Yılmaz", "Postma", "Schouten",
						  "Willems", "Kuiper");
static const struct demo_text english_first = TEXTS ("Jane", "Omar", "Priya", "Tom", "Grace", "Liam", "Chloe", "Mitch", "Aisha", "Ben",
						     "Zoë", "Callum", "Hannah", "Dev", "Ruth", "Marcus", "Ella", "Owen", "Naomi", "Jack",
						     "Siân", "Harriet", "Kofi", "Leah", "George", "Imogen");
static const struct demo_text english_last = TEXTS (
	"Smith", "Haddad", "Patel", "O'Connor", "Walker", "Hughes", "Robinson", "Khan", "Bennett", "Clarke", "Morgan", "Shaw", "Fletcher",
	"Okafor", "Barnes", "Doyle", "Reid", "Chapman", "Lloyd", "Nguyen", "Foster", "Hale", "Marsh", "Pritchard", "Webb", "Ellison");
static const struct demo_text mexican_first = TEXTS ("Ana", "Luis", "María", "Jorge", "Sofía", "Diego", "Valentina", "Raúl", "Camila",
						     "Andrés", "Lucía", "Héctor", "Paola", "Emilio", "Fernanda", "Iván", "Renata", "Óscar",
						     "Daniela", "Rodrigo");
static const struct demo_text mexican_last = TEXTS ("Ruiz", "Hernández", "García", "Martínez", "López", "Núñez", "Ramírez", "Torres",
						    "Flores", "Vargas", "Mendoza", "Castillo", "Ortega", "Salazar", "Peña", "Ríos",
						    "Aguilar", "Cruz", "Domínguez", "Ibarra");

static const struct demo_text bakery_forms = TEXTS ("Offerteaanvraag", "Bruidstaart", "Bedrijfslunch", "Contact", "Cateringaanvraag");
static const struct demo_text bakery_wishes = TEXTS (
	"Graag een prijs voor 80 gevulde koeken op vrijdag.", "Drielaagse bruidstaart, citroen en framboos, voor 60 personen.",
	"Elke dinsdag 25 lunchpakketten op kantoor, kan dat?", "Hebben jullie ook glutenvrij brood in grotere aantallen?",
	"Taart met logo voor de opening van onze winkel.", "Wij zoeken een vaste broodleverancier voor ons restaurant.",
	"Petitfours voor een receptie van 120 gasten.", "Kunnen jullie ook op zondag bezorgen?");
static const struct demo_text bakery_firms = TEXTS ("Hotel De Linde", "Brasserie Noord", "Bouwbedrijf Kramer", "Kantoor & Co",
						    "Zorggroep Maas", "Basisschool De Eik", "Café Het Anker", "Notariskantoor Prins", NULL,
						    NULL, NULL, NULL);

static const struct demo_text garage_forms = TEXTS ("Offerteaanvraag", "Apk-afspraak", "Proefrit", "Schadeherstel", "Contact");
static const struct demo_text garage_wishes = TEXTS (
	"Apk en grote beurt voor een Golf uit 2017.", "Wat kost een nieuwe distributieriem ongeveer?",
	"Graag een proefrit met de grijze stationwagen.", "Kras over twee portieren, verzekering is al gebeld.",
	"Wij hebben zes bestelbussen die onderhoud nodig hebben.", "Airco koelt niet meer, wanneer kan ik langskomen?",
	"Winterbanden wisselen en opslaan, vier stuks.", "Ik zoek een kleine elektrische occasion tot 15.000 euro.");
static const struct demo_text garage_firms = TEXTS ("Koeriersdienst Snel", "Loodgieter Mol", "Taxi Centraal", "Thuiszorg Oost",
						    "Schilders Van Dam", NULL, NULL, NULL, NULL, NULL);

static const struct demo_text msp_forms = TEXTS ("Website", "Managed support", "Security audit", "Cloud migration", "Referral");
static const struct demo_text msp_wishes = TEXTS (
	"We have 35 laptops and nobody who looks after them.", "Our server is out of warranty in spring, what are the options?",
	"Need a quote for round-the-clock support, two offices.", "The auditor wants proof that backups can be restored.",
	"Moving to a new building in June and need cabling and Wi-Fi.", "Could you take over from our present provider?",
	"Phishing training for about 60 people.", "We want one bill for licences instead of nine.");
static const struct demo_text msp_firms = TEXTS ("Acme Ltd", "Newco", "Fairfield Dental", "Hartley & Sons", "Beacon Logistics",
						 "Orchard School", "Riverside Legal", "Pennine Foods", "Gable Architects",
						 "Summit Recruitment", "Lowther Estates", "Copperfield Print");

static const struct demo_text shipping_forms = TEXTS ("Register", "Rates", "Webinar", "Partner");
static const struct demo_text shipping_wishes = TEXTS (
	"1,200 parcels a month, most under 2 kg, to the whole republic.",
	"We sell on two marketplaces and need one label printer for both.", "Cash on delivery for Monterrey and Guadalajara?",
	"Our carrier raised its rates by 18 %; what can you do?", "Returns are eating our margin, we would like a return label in the box.",
	"Cold chain for cosmetics, about 300 a month.", "Cross-border to Texas, twice a week.", "Can we pay by the month?");
static const struct demo_text shipping_firms = TEXTS ("Tienda Luna", "Café Sierra", "Moda Norte", "Libros del Sur", "Casa Jacaranda",
						      "Electro Bajío", "Dulces Ofelia", "Bici Urbana", "Huerto Vivo", "Joyas Tonalá",
						      "Deportes Aztlán", "Mascotas Felices");

static const struct demo_text sales_forms = TEXTS ("Web inquiry", "Trade show", "Referral", "Demo request");
static const struct demo_text sales_wishes = TEXTS (
	"Interested in the enterprise plan for 400 seats.", "Saw you at the spring fair, please send the brochure.",
	"We need a supplier for our three new sites.", "Could somebody show this to our board next week?",
	"Budget is approved, procurement wants two references.", "Replacing a system from 2009, where do we begin?");
static const struct demo_text sales_firms = TEXTS ("Acme Corp", "Contour Health", "Blue Harbor", "Pine & Co", "Sterling Foods",
						   "Metro Transit", "Lakeview Hotels", "Granite Works", "Union Textile", "Everfield Farms",
						   "Cobalt Energy", "Redwood Clinics");

static const struct demo_text shop_forms = TEXTS ("Web shop", "Chat", "Wholesale", "Gift order");
static const struct demo_text shop_wishes = TEXTS (
	"Do you deliver to a business address before noon?", "200 gift boxes with our card, for December.",
	"My order arrived with a broken vase, otherwise lovely.", "Wholesale terms for a shop in Utrecht, please.",
	"Is the large one back in stock soon?", "Could you engrave a name on it?", "We would like to resell your candles in Antwerp.");
static const struct demo_text shop_firms = TEXTS ("Concept Store Lab", "Hotel Amber", "Studio Plume", NULL, NULL, NULL, NULL, NULL);

static const struct demo_text dutch_notes = TEXTS ("Belt liever na vier uur.", "Wil twee varianten in de offerte.",
						   "Beslist samen met een compagnon.", "Kwam via een vaste klant bij ons.",
						   "Levering uiterlijk op de eerste van de maand.", "Vraagt om betaling in twee delen.",
						   "Heeft ook bij een ander offerte gevraagd.");
static const struct demo_text dutch_moves = TEXTS ("Gebeld, is enthousiast.", "Offerte per e-mail gestuurd.",
						   "Nog twee vragen over de prijs.", "Akkoord op hoofdlijnen.", "Handtekening is binnen.");
static const struct demo_text english_notes = TEXTS ("Prefers a call after four.", "Wants two variants in the quote.",
						     "Decides together with a partner.", "Came to us through a regular customer.",
						     "Needs it by the first of the month.", "Asks to pay in two parts.",
						     "Has asked a competitor as well.");
static const struct demo_text english_moves = TEXTS ("Called, went well.", "Sent the proposal by e-mail.",
						     "Two questions about the price are open.", "Agreed in principle.",
						     "Signed and returned.");
static const struct demo_text shipping_moves = TEXTS ("Called: they ship every day and want rates per zone.",
						      "Rates sent, they compare with their carrier.",
						      "Met on video; volume is higher than the form said.", "Trial of fifty labels agreed.",
						      "Account is set up, first pick-up on Monday.");
static const struct demo_text dutch_tags = TEXTS ("vaste klant", "haast", "let op marge");
static const struct demo_text english_tags = TEXTS ("regular", "urgent", "watch the margin");
/* Among colleagues: in the channel, then about a deal; each by the next of them. */
static const struct demo_text dutch_talk = TEXTS ("Goedemorgen. Graag eerst de aanvragen van gisteren vandaag.",
						  "Wie belt de aanvragen van het weekend terug?", "Ik neem de eerste drie.",
						  "Fijn, dan doe ik de rest.");
static const struct demo_text english_talk = TEXTS ("Good morning. Yesterday's inquiries first today, please.",
						    "Who calls back the inquiries of the weekend?", "I take the first three.",
						    "Great, then I do the rest.");
static const struct demo_text dutch_asked = TEXTS ("kun jij hier nog eens naar kijken? Ze vragen om een scherpere prijs.",
						   "Gedaan, ik bel ze morgen terug.");
static const struct demo_text english_asked = TEXTS ("could you have another look at this one? They ask for a sharper price.",
						     "Done, I call them back tomorrow.");
/* Said of what was done, then of what is to be done: one of each kind in turn. */
static const struct demo_text dutch_done = TEXTS ("Kennismaking aan de telefoon", "Langs geweest", "Vragen per e-mail beantwoord");
static const struct demo_text english_done = TEXTS ("Introduction by phone", "Visited them", "Answered questions by e-mail");
static const struct demo_text dutch_tasks = TEXTS ("Terugbellen over de prijs", "Offerte nalopen", "Afspraak op locatie",
						   "Vragen of alles duidelijk is");
static const struct demo_text english_tasks = TEXTS ("Call back about the price", "Go through the quote", "Meet on site",
						     "Ask whether all is clear");
static const struct demo_text dutch_losses = TEXTS ("Koos voor een ander.", "Te duur, zegt hij zelf.", "Nooit meer iets gehoord.",
						    "Plannen uitgesteld tot volgend jaar.");
static const struct demo_text english_losses = TEXTS ("Went with somebody else.", "Too dear, they say.", "Never heard from them again.",
						      "Put off until next year.");
static const struct demo_text loss_keys = TEXTS ("competitor", "price", "no_answer", "no_budget"); /* of each of the losses above */
static const struct demo_text web_sources = TEXTS ("web_form", "web_form", "web_form", "referral", "whatsapp", "web_form", "event");

static const struct demo_text bakery_projects = TEXTS ("Vaste broodlevering per week", "Kerstpakketten voor het personeel",
						       "Taarten voor het jubileum", "Lunch voor de open dag",
						       "Banket voor de nieuwjaarsreceptie", "Wekelijks fruit en koek op kantoor");
static const struct demo_text garage_projects = TEXTS ("Onderhoudscontract bestelbussen", "Inruil en aanschaf stationwagen",
						       "Wagenpark op winterbanden", "Schadeherstel via verzekering",
						       "Leaseauto's apk en beurt", "Ombouw tot servicebus");
static const struct demo_text msp_projects = TEXTS ("Three-year support contract", "Server replacement in spring",
						    "Office move: cabling and Wi-Fi", "Backup for all sites", "Licences on one bill",
						    "Security training, two rounds");
static const struct demo_text shipping_projects = TEXTS ("Labels for two marketplaces", "Cross-border lane to Texas",
							 "Cash on delivery in the north", "Return labels in every box",
							 "Same-day in the capital", "Cold chain, first season");
static const struct demo_text sales_projects = TEXTS ("Enterprise plan, 400 seats", "Roll-out to three sites",
						      "Replacement of the 2009 system", "Pilot with the clinic group",
						      "Renewal with a second module", "Framework agreement");
static const struct demo_text shop_projects = TEXTS ("200 gift boxes with a card", "Wholesale: first order",
						     "Candles for forty hotel rooms", "Christmas window", "Engraved vases for a wedding",
						     "Spring collection, reseller");

#endif
