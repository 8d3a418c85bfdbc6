import { join } from 'node:path';
import { Router, type Response } from 'express';
import getAbsoluteFSPath from 'swagger-ui-dist/absolute-path.js'; // the package's main file loads the whole page into the process
import { isProblemCode, problemCatalog } from '../http/problem-catalog.ts';
import type { Route } from '../http/route.ts';
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

/** The document, a page to read it, and a page for each problem. Nothing of them comes from elsewhere. */
export function documentRoutes(routes: readonly Route[]): Router {
  const router = Router({ strict: true, caseSensitive: true });
  const document = JSON.stringify(toOpenApiDocument(routes));
  router.get('/openapi.json', (_req, res) => {
    named(res, '/openapi.json').type('application/json').send(document);
  });
  router.get('/docs', (_req, res) => {
    named(res, '/docs').setHeader('Content-Security-Policy', pagePolicy).type('html').send(page);
  });
  router.get('/docs/start.js', (_req, res) => {
    named(res, '/docs/*').type('text/javascript').send(script);
  });
  for (const file of pageFiles) {
    router.get(`/docs/${file}`, (_req, res, next) => {
      named(res, '/docs/*').sendFile(join(getAbsoluteFSPath(), file), { maxAge: '1h' }, next);
    });
  }
  router.get('/problems/:code', (req, res, next) => {
    const { code } = req.params;
    if (!isProblemCode(code)) {
      next();
      return;
    }
    const { status, title, detail } = problemCatalog[code];
    named(res, '/problems/:code')
      .type('text/markdown')
      .send(`# ${title}\n\n\`${code}\`, status ${status}\n\n${detail}\n`);
  });
  return router;
}

function named(res: Response, route: string): Response {
  res.locals.route = route;
  return res;
}
