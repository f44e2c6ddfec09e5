/* Pictures that go along with a mail, as its text names them. Has no state; knows no page. */
/* how a text shows a picture that goes along: ![what it shows](its name) */
export const pictureIn = ({ name }: { name: string }): string => `](${name})`;

/* without a picture that goes along no longer */
export const withoutPicture = (text: string, file: { name: string }): string => text.split(pictureIn(file)).reduce((before, part) => { const bare = before.replace(/\n*!\[[^\]\n]*$/, ''); return (bare === before ? before + pictureIn(file) : bare) + part; });
