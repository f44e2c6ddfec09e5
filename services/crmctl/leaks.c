/* Builds with AddressSanitizer: a verb ends with its process, so what it still holds then is no leak and no reason to fail.
 * The daemons, which stay, are looked at as strictly as ever; this file must never be theirs. */
#ifdef __SANITIZE_ADDRESS__
int __lsan_is_turned_off (void);

int __lsan_is_turned_off (void)
{
	return 1;
}
#endif
