/* What of a number, as people write it, a telephone and WhatsApp take. Knows the calling codes of where the workspaces are; a number
   of a country it does not know is dialled as it stands. */

const CODES: Record<string, string> = {
	NL: '31', BE: '32', DE: '49', FR: '33', LU: '352', GB: '44', IE: '353', ES: '34', PT: '351', IT: '39', AT: '43', CH: '41', DK: '45', SE: '46', NO: '47', FI: '358',
	PL: '48', CZ: '420', US: '1', CA: '1', MX: '52', CO: '57', CL: '56', AR: '54', PE: '51', BR: '55', CN: '86',
};

/* what tel: takes: digits, and the plus before them */
export const dialled = (phone: string): string => phone.replace(/\(0\)/g, '').replace(/[^\d+]/g, '').replace(/(?!^)\+/g, '');

/* as WhatsApp names a person: all digits, the country's first; null: no such number */
export function international(phone: string, country?: string): string | null {
	const text = dialled(phone);
	const whole = /^(?:\+|00)(\d{7,15})$/.exec(text)?.[1];
	if (whole)
		return whole;
	const code = country ? CODES[country] : undefined;
	if (!code || !/^\d{6,14}$/.test(text))
		return null;
	/* the nought that is dialled within a country is not a part of the number, but in Italy it is */
	return code + (country === 'IT' ? text : text.replace(/^0/, ''));
}

export const whatsappOf = (phone: string, country?: string): string | null => {
	const number = international(phone, country);
	return number && `https://wa.me/${number}`;
};
