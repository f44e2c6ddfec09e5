/* One stylesheet of what is looked at all day is a fifth smaller than a file a page, and never late; pages of once a week bring their own. What such a page's
   style names, no other page may use: a test says so. */
export const OWN_STYLE = /(?:features\/(?:calendar|docs|help|session|dashboard|profile|money|documents|rules|requests)|src\/portal)\//;
export const SHARED_STYLE = new RegExp(`^(?!.*${OWN_STYLE.source}).*\\.css$`);
