import { serve } from 'mpctl/client';

await serve((name) => ({ hello: name }));
