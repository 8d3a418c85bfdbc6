import type { Response } from 'express';
import getAbsoluteFSPath from 'swagger-ui-dist/absolute-path.js'; // the package's main file loads the whole page into the process
import { z } from 'zod';
import { RouteNotFoundError } from '../http/http-errors.ts';
import { isProblemCode, problemCatalog } from '../http/problem-catalog.ts';
import { route, type Route, type RouteDefinition } from '../http/route.ts';
import { toOpenApiDocument } from './openapi-document.ts';

/** Swagger UI brings its styles inline and its pictures as data. */
const pagePolicy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

const page = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Stowage API</title><link rel="icon" href="/docs/favicon-32x32.png"><link rel="stylesheet" href="/docs/swagger-ui.css"></head>
<body><div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body>
</html>
`;
const script = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#swagger-ui', deepLinking: true, validatorUrl: null });\n`;

/** What the page needs of Swagger UI; the package also brings pages of its own, which ask other servers. */
const pageFiles = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];

/** What routes have in common that the document itself does not list. */
const unlisted = {
  method: 'get',
  operationId: 'getDocument',
  tag: 'document',
  summary: 'Read about the API',
  access: 'anonymous',
  request: {},
  responses: {},
  problems: [],
} as const;

/** Routes of the document, a page to read it, and a page for each problem. Nothing of them comes from elsewhere. */
export function documentRoutes(routes: readonly Route[]): readonly Route[] {
  const document = JSON.stringify(toOpenApiDocument(routes));
  return [
    documentRoute('/openapi.json', async (_input, { res }) => {
      res.type('application/json').send(document);
    }),
    documentRoute('/docs', async (_input, { res }) => {
      res.setHeader('Content-Security-Policy', pagePolicy).type('html').send(page);
    }),
    documentRoute('/docs/start.js', async (_input, { res }) => {
      res.type('text/javascript').send(script);
    }),
    ...pageFiles.map((file) => documentRoute(`/docs/${file}`, (_input, { res }) => sendPageFile(res, file))),
    problemRoute,
  ];
}

function documentRoute(path: string, handle: RouteDefinition['handle']): Route {
  return route({ ...unlisted, path, handle });
}

const problemRoute = route({
  ...unlisted,
  path: '/problems/:code',
  request: { params: z.object({ code: z.string() }) },
  handle: async ({ params: { code } }, { res }) => {
    if (!isProblemCode(code)) throw new RouteNotFoundError();
    const { status, title, detail } = problemCatalog[code];
    res.type('text/markdown').send(`# ${title}\n\n\`${code}\`, status ${status}\n\n${detail}\n`);
  },
});

async function sendPageFile(res: Response, file: string): Promise<void> {
  const options = { root: getAbsoluteFSPath(), maxAge: '1h', acceptRanges: false };
  await new Promise<void>((resolve, reject) => {
    res.sendFile(file, options, (error?: Error) => (error === undefined ? resolve() : reject(error)));
  });
}
