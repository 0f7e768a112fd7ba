import cf from 'cloudfront';

// A page's own address, which holds token and source; a WebSocket API has no paths.
var PAGE = /^(?:\/overlay)?\/([A-Za-z0-9_-]{1,128})\/(ticker|media|general)$/;

function handler(event) {
    var request = event.request;
    var found = isHandshake(request) ? PAGE.exec(request.uri) : null;
    if (found) {
        cf.selectRequestOriginById('sockets');
        request.uri = '/live';
        request.querystring = { token: { value: found[1] }, source: { value: found[2] } };
    }
    return request;
}

// CloudFront hides `Upgrade` from functions; the key is in every handshake (RFC 6455, 4.1).
function isHandshake(request) {
    return request.method === 'GET' && 'sec-websocket-key' in request.headers;
}
