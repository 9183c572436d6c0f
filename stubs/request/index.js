// The request package is deprecated and brings old versions of form-data, tough-cookie, qs and uuid.
const { PassThrough, Readable, pipeline } = require("node:stream");

/** The body of a response as a stream, which emits "response" before its first byte. */
function request({ url, method, headers }) {
  const body = new PassThrough();
  fetch(url, { method, headers }).then(
    (response) => {
      body.emit("response", { statusCode: response.status, statusMessage: response.statusText });
      pipeline(Readable.fromWeb(response.body), body, () => {});
    },
    (error) => body.destroy(error),
  );
  return body;
}

request.get = (url) => request({ url, method: "GET", headers: {} });

module.exports = request;
