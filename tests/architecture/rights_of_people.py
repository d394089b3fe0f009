"""The part of the table in rights.py about people: their certificates, membership, dates and messages, and what they say
around a course. The columns are those of its head."""

TABLE = """
# Certificates: verified by everyone who has the number
certificates.ask          GET    -             200     200     200 200  200   200   200
certificates.verify       GET    bob's         200     200     200 200  200   200   200
certificates.credential   GET    bob's         200     200     200 200  200   200   200
certificates.credential_json GET bob's         200     200     200 200  200   200   200
certificates.status_list  GET    -             200     200     200 200  200   200   200
certificates.issuer       GET    -             200     200     200 200  200   200   200
certificates.jwks         GET    -             200     200     200 200  200   200   200
certificates.public_key   GET    none          404     404     404 404  404   404   404
# (of a stand-in for a PDF there is no picture)
certificates.picture      GET    bob's         404     404     404 404  404   404   404
certificates.show         GET    bob's         sign-in 404     200 404  404   404   200
certificates.download     GET    bob's         sign-in 404     200 404  404   404   200
certificates.wallet       GET    -             sign-in 200     200 200  200   200   200
certificates.renew        POST   bob's         401     404     303 404  404   404   403
certificates.status       GET    tea           sign-in 404     200 404  404   404   404
certificates.everybodys   GET    -             sign-in 403     403 403  403   403   200
certificates.revoke       POST   bob's         401     403     403 403  403   403   422

# Certificates for the course's staff
certificates.index        GET    tea           sign-in 404     404 404  200   200   200
certificates.preview      GET    tea           sign-in 404     404 404  200   200   200
certificates.design       GET    tea           sign-in 403     403 404  200   200   200
certificates.change_design POST  tea           401     403     403 404  422   422   422
certificates.design_picture GET  tea           sign-in 403     403 404  200   200   200
certificates.set_picture  POST   tea           401     403     403 404  303   303   303
certificates.choose_awards GET   tea           sign-in 404     404 404  200   200   200
certificates.award        POST   tea           401     404     404 404  422   422   422

# Belonging here: one's invitation, one's application to teach, one's own data
membership.accept_invitation GET -             410     410     410 410  410   410   410
membership.accept_invitation POST -            410     410     410 410  410   410   410
membership.apply          GET    -             sign-in 200     200 200  200   200   200
membership.apply          POST   -             401     303     422 303  303   303   303
membership.privacy        GET    -             sign-in 200     200 200  200   200   200
membership.start_export   POST   -             401     303     303 303  303   303   303
membership.download_export GET   alice's       sign-in 404     404 404  404   404   404
membership.erase          GET    -             sign-in 200     200 200  200   200   200
membership.erase          POST   -             401     422     422 422  422   422   422
membership.erasure        GET    -             404     404     404 404  404   404   404
membership.end_view_as    POST   -             401     303     303 303  303   303   303

# Calendars: the address is the key
# Messages: everybody has an inbox of their own
notifications.inbox       GET    -             sign-in 200     200 200  200   200   200
notifications.count       GET    -             sign-in 200     200 200  200   200   200
notifications.follow      GET    bob's         sign-in 404     303 404  404   404   404
notifications.read        POST   bob's         401     404     303 404  404   404   404
notifications.read_all    POST   -             401     303     303 303  303   303   303
notifications.preferences GET    -             sign-in 200     200 200  200   200   200
notifications.preferences POST   -             401     303     303 303  303   303   303
notifications.trust_address POST -             401     303     303 303  303   303   303
notifications.unsubscribe GET    bob's         200     200     200 200  200   200   200
notifications.stop        POST   bob's         200     200     200 200  200   200   200

# Around a course: its learners and staff read, staff announce, whose question it is accepts an answer
announcements.index       GET    tea           sign-in 403     200 403  200   200   200
announcements.index       GET    attic         sign-in 404     404 404  200   200   200
announcements.new         GET    tea           sign-in 403     403 403  200   200   200
announcements.new         POST   tea           401     403     403 403  422   422   422
announcements.edit        GET    tea           sign-in 403     403 403  200   200   200
announcements.edit        GET    attic         sign-in 404     404 404  200   200   200
announcements.edit        POST   tea           401     403     403 403  422   422   422
announcements.remove      POST   tea           401     403     403 403  303   404   404
discussions.index         GET    tea           sign-in 403     200 403  200   200   200
discussions.index         GET    attic         sign-in 404     404 404  200   200   200
discussions.ask           GET    tea           sign-in 403     200 403  200   200   200
discussions.ask           POST   tea           401     403     422 403  422   422   422
discussions.ask           GET    tea-3         sign-in 403     404 403  200   200   200
discussions.show          GET    tea           sign-in 403     200 403  200   200   200
discussions.show          GET    attic         sign-in 404     404 404  200   200   200
discussions.reply         POST   tea           401     403     422 403  422   422   422
discussions.edit          GET    tea           sign-in 403     403 403  403   403   403
discussions.edit          POST   tea           401     403     403 403  403   403   403
discussions.remove        POST   tea           401     403     403 403  403   403   403
discussions.follow        POST   tea           401     403     303 403  303   303   303
discussions.accept        POST   tea           401     403     303 403  303   303   303
discussions.set_state     POST   tea           401     403     403 403  303   303   303
discussions.hide          GET    tea           sign-in 403     403 403  200   200   200
discussions.hide          POST   tea           401     403     403 403  422   422   422
discussions.show_again    POST   tea           401     403     403 403  303   303   303
discussions.report        GET    tea           sign-in 403     200 403  200   200   200
discussions.report        POST   tea           401     403     422 403  422   422   422
discussions.reports       GET    tea           sign-in 403     403 403  200   200   200
discussions.settle        POST   tea           401     403     403 403  303   404   404

calendars.show            GET    -             sign-in 200     200 200  200   200   200
calendars.renew           POST   -             401     303     303 303  303   303   303
calendars.remove          POST   -             401     303     303 303  303   303   303
calendars.read            GET    -             404     404     404 404  404   404   404

# Help: what is written for each; a visitor may be somebody who teaches
help.index                GET    -             200     200     200 200  200   200   200
help.show                 GET    learners-start 200    200     200 200  200   200   200
help.show                 GET    instructors-quizzes sign-in 404 404 200 200  200   200
help.show                 GET    admins-people sign-in 404     404 404  404   404   200
help.show                 GET    operators-install sign-in 404 404 404  404   404   200
help.show                 GET    developers-api sign-in 404    404 404  404   404   200
help.picture              GET    img-lesson.webp 200   200     200 200  200   200   200
"""
