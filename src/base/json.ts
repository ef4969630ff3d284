/** Any value that JSON can carry (RFC 8259); what queues, pipes and shared values transport. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
