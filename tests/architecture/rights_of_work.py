"""Who may do what with assignments: the rows of `rights.py` about work that is handed in and graded."""

TABLE = """
assignments.show          GET    tea           403     403     200 403  200   200   200
assignments.show          GET    attic         404     404     303 404  200   200   200
assignments.keep_draft    POST   tea           401     403     303 403  403   403   403
assignments.submit        POST   tea           401     403     303 403  403   403   403
assignments.submit        POST   attic         401     404     404 404  403   403   403
assignments.add_file      POST   tea           401     403     200 403  403   403   403
assignments.remove_file   POST   tea           401     403     404 403  403   403   403
assignments.own           GET    tea           sign-in 404     303 404  404   404   404
assignments.file          GET    tea           sign-in 404     200 404  200   200   200
assignments.file          GET    attic         sign-in 404     200 404  200   200   200
assignments.settings      GET    tea           sign-in 403     403 404  200   200   200
assignments.change_settings POST tea           401     403     403 404  422   422   422
gradebook.own             GET    tea           sign-in 403     200 403  403   403   403
gradebook.own             GET    attic         sign-in 404     404 404  403   403   403
gradebook.index           GET    tea           sign-in 403     403 404  200   200   200
gradebook.download        GET    tea           sign-in 403     403 404  200   200   200
gradebook.settings        GET    tea           sign-in 403     403 404  200   200   200
gradebook.change_settings POST   tea           401     403     403 404  303   303   303
gradebook.learner         GET    tea           sign-in 403     403 404  200   200   200
gradebook.decision        GET    tea           sign-in 403     403 404  200   200   200
gradebook.decide          POST   tea           401     403     403 404  422   422   422
assignments.extension     GET    tea           sign-in 403     403 404  200   200   200
assignments.extend        POST   tea           401     403     403 404  422   422   422
assignments.queue         GET    tea           sign-in 403     403 404  200   200   200
assignments.submissions   GET    tea           sign-in 403     403 404  200   200   200
assignments.desk          GET    tea           sign-in 403     403 404  200   200   200
assignments.desk          GET    attic         sign-in 403     403 404  200   200   200
assignments.keep_notes    POST   tea           401     403     403 404  422   422   422
assignments.grade         POST   tea           401     403     403 404  422   422   422
assignments.release       POST   tea           401     403     403 404  303   303   303
"""
