// Sends a form's data and says how far it is. `answer` resolves to the finished request, or to null when it was lost:
// no connection, nothing that moved for a minute, or `request.abort()`.
const lecternSend = ({ url, body, headers, progress }) => {
  const request = new XMLHttpRequest();
  let stalled = 0;
  const watch = () => { clearTimeout(stalled); stalled = setTimeout(() => request.abort(), 60000); };
  const answer = new Promise((settle) => {
    request.onload = () => settle(request);
    request.onerror = request.onabort = () => settle(null);
    request.onloadend = () => clearTimeout(stalled);
    request.upload.onprogress = ({ loaded, total, lengthComputable }) => {
      watch();
      if (lengthComputable) progress(Math.floor((loaded * 100) / total));
    };
    request.open("POST", url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    watch();
    request.send(body);
  });
  return { request, answer };
};
