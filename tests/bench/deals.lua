-- What wrk asks: its words are GET and paths, asked in turn; or MOVE, two stages and deals, each moved to the second and back. It must never ask anything of its own.
local words, n = {}, 0

function init (given)
	words = given
	wrk.headers["Content-Type"] = "application/json"
end

function request ()
	local first = words[1] == "GET" and 2 or 4
	local many = #words - first + 1
	local word = words[first + n % many]
	local back = math.floor (n / many) % 2 == 1
	n = n + 1
	if words[1] == "GET" then
		return wrk.format ("GET", word)
	end
	return wrk.format ("POST", "/api/crm/deals/" .. word .. "/stage", nil, '{"stage":"' .. words[back and 2 or 3] .. '"}')
end
