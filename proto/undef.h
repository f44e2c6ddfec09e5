/* The end of a pass: forgets the macros. No include guard: it is read after every pass. */
#undef COMMAND
#undef EVENT
#undef QUERY
#undef ROW
#undef PART
#undef FIELD
#undef ID
#undef ENUM
#undef LIST
#undef END
