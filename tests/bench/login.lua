-- What wrk sends to log in: its words are an e-mail and a password. It must never count an answer other than 200 as a log-in.
function init (words)
	wrk.method = "POST"
	wrk.headers["Content-Type"] = "application/json"
	wrk.body = string.format ('{"email":"%s","password":"%s"}', words[1], words[2])
end
