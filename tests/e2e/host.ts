// A stranger's site: pages of another origin that frame widgets, with whatever policy the test wants.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Host {
  /** Address of a page with this body; `policy` is its Content-Security-Policy. */
  page(body: string, policy?: string): string;
  close(): void;
}

/** What every page of the host does: it keeps what widgets tell, by the window that told it. */
const LISTENER = `globalThis.heard = [];
addEventListener('message', ({ source, origin, data }) => {
  const frames = [...document.querySelectorAll('iframe')];
  heard.push({ frame: frames.findIndex((each) => each.contentWindow === source), origin, ...data });
});`;

/** Serves from `localhost`, which is another site than the tests' `127.0.0.1`. */
export async function startHost(): Promise<Host> {
  const pages: { readonly body: string; readonly policy: string | undefined }[] = [];
  const server: Server = createServer((request, response) => {
    if (request.url === '/listener.js') {
      response.setHeader('content-type', 'text/javascript').end(LISTENER);
      return;
    }
    const page = pages[Number(request.url?.slice(1))];
    response.setHeader('content-type', 'text/html; charset=utf-8');
    if (page?.policy) response.setHeader('content-security-policy', page.policy);
    response.end(
      `<!doctype html><html lang="en"><head><title>Course</title><link rel="icon" href="data:,"><script src="/listener.js"></script></head><body>${page?.body ?? ''}</body></html>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    page: (body, policy) => `http://localhost:${port}/${pages.push({ body, policy }) - 1}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
