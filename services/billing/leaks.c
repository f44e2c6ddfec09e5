/* For the leak check alone: Fontconfig points at what it keeps by distances from itself, which the check cannot follow and takes for lost.
 * It must never hide anything of ours: no function of ours stands in that library. */
#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define LEAKS_ARE_LOOKED_FOR
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(LEAKS_ARE_LOOKED_FOR)
const char *__lsan_default_suppressions (void);

const char *__lsan_default_suppressions (void)
{
	return "leak:libfontconfig";
}
#endif
