// The pages are a single-page application: the server hands out files and answers /v1.
export const ssr = false;
export const prerender = false;
