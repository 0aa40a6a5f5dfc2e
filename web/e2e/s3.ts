import { createHash, createHmac } from 'node:crypto';
import { keptAddress, keptJSON } from './station';

/** The object store of the station under test, with all rights: what its administrator has. */
interface Store { url: string; accessKey: string; secretKey: string }

function store(): Store {
  const { SEALCASE_S3_ENDPOINT: endpoint, SEALCASE_S3_ACCESS_KEY: accessKey, SEALCASE_S3_SECRET_KEY: secretKey, SEALCASE_S3_TLS: tls } = process.env;
  if (endpoint && accessKey && secretKey) return { url: `${tls === 'true' ? 'https' : 'http'}://${endpoint}`, accessKey, secretKey };
  // A station that was started by hand keeps them beside its people.
  const kept = keptJSON<{ access_key: string; secret_key: string }>('minio', 'credentials.json');
  return { url: `http://${keptAddress('minio')}`, accessKey: kept.access_key, secretKey: kept.secret_key };
}

/** Hides an object below a delete marker: the one thing that Object Lock lets anybody do. Answers with the marker's version. */
export async function hide(bucket: string, key: string): Promise<string> {
  const response = await ask('DELETE', `/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`, '');
  return response.headers.get('x-amz-version-id') ?? '';
}

/** Takes a delete marker away again. */
export async function unhide(bucket: string, key: string, marker: string): Promise<void> {
  await ask('DELETE', `/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`, `versionId=${encodeURIComponent(marker)}`);
}

async function ask(method: string, path: string, query: string): Promise<Response> {
  const { url, accessKey, secretKey } = store();
  const signed = sign({ method, path, query, host: new URL(url).host, accessKey, secretKey, at: new Date() });
  const response = await fetch(`${url}${path}${query && `?${query}`}`, { method, headers: signed });
  if (!response.ok) throw new Error(`${method} ${path}: ${String(response.status)} ${await response.text()}`);
  return response;
}

/** AWS Signature Version 4 of a request without a body. */
function sign({ method, path, query, host, accessKey, secretKey, at }: { method: string; path: string; query: string; host: string; accessKey: string; secretKey: string; at: Date }): Record<string, string> {
  const time = at.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const empty = createHash('sha256').update('').digest('hex');
  const headers = { host, 'x-amz-content-sha256': empty, 'x-amz-date': time };
  const names = Object.keys(headers).join(';');
  const canonical = [method, path, query, ...Object.entries(headers).map(([name, value]) => `${name}:${value}`), '', names, empty].join('\n');
  const scope = [time.slice(0, 8), 'us-east-1', 's3', 'aws4_request'];
  const text = ['AWS4-HMAC-SHA256', time, scope.join('/'), createHash('sha256').update(canonical).digest('hex')].join('\n');
  const key = scope.reduce<Buffer | string>((secret, part) => createHmac('sha256', secret).update(part).digest(), `AWS4${secretKey}`);
  const signature = createHmac('sha256', key).update(text).digest('hex');
  return { 'x-amz-content-sha256': empty, 'x-amz-date': time, authorization: `AWS4-HMAC-SHA256 Credential=${accessKey}/${scope.join('/')}, SignedHeaders=${names}, Signature=${signature}` };
}
