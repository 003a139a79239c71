/**
 * The parts of undici that send a request. Its index loads besides these fetch, WebSocket, caches and mocks: 40 ms of processor time
 * while the CLI boots, and 7 MB for as long as it runs.
 */
import api from 'undici/lib/api/index.js';
import buildConnector from 'undici/lib/core/connect.js';
import Agent from 'undici/lib/dispatcher/agent.js';
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';
import EnvHttpProxyAgent from 'undici/lib/dispatcher/env-http-proxy-agent.js';

// As undici's index does: `request()`, and `connect()` for its agents of proxies.
Object.assign(Dispatcher.prototype, api);

export { Agent, buildConnector, EnvHttpProxyAgent };
