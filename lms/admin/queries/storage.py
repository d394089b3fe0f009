"""What takes how much room. Sizes are in bytes."""

from sqlalchemy import func, select, text

from lms.accounts.models import User
from lms.core.db import AnyRow, db
from lms.core.paging import PER_PAGE, Page
from lms.courses.models import Course, CourseAsset
from lms.files.models import StoredFile

SORTS = ("size", "title")

_USES = text("""
    select case
             when exists (select from course_assets a where a.file_id = f.id) then 'courses'
             when exists (select from submission_files s where s.file_id = f.id) then 'submissions'
             when exists (select from certificates c where f.id in (c.file_id, c.picture_file_id)) then 'certificates'
             when exists (select from file_variants v where v.variant_id = f.id and v.file_id <> f.id) then 'widths'
             when exists (select from users u where u.avatar_file_id = f.id) then 'portraits'
             when exists (select from certificate_templates t where f.id in (t.logo_file_id, t.signature_file_id))
               or exists (select from certificates c where f.id in (c.logo_file_id, c.signature_file_id)) then 'designs'
             else 'unused'
           end as use, count(*) as files, sum(f.size)::bigint as size
      from stored_files f group by 1
    union all
    select 'uploads', count(distinct upload_id), coalesce(sum(size), 0)::bigint from upload_chunks
    union all
    select 'copies', count(*), coalesce(sum((result->>'size')::bigint), 0)::bigint
      from tasks where state = 'done' and result ? 'key' and result ? 'size'
     order by 3 desc, 1
""")


def uses() -> list[AnyRow]:
    """What files are kept for: (use, files, size), the largest first. A file with several uses stands at the first."""
    return list(db.session.execute(_USES))


_KINDS = text("""
    select case when media_type like 'image/%' then 'image' when media_type like 'video/%' then 'video'
                when media_type like 'audio/%' then 'audio' when media_type = 'application/pdf' then 'pdf'
                when media_type like 'text/%' then 'text' else 'other' end as kind,
           count(*) as files, sum(size)::bigint as size
      from stored_files group by 1 order by 3 desc, 1
""")


def kinds() -> list[AnyRow]:
    """What they are: (kind, files, size), the largest first."""
    return list(db.session.execute(_KINDS))


_TABLES = text("""
    select pg_database_size(current_database()) as whole,
           (select jsonb_agg(jsonb_build_array(name, size) order by size desc)
              from (select relname as name, pg_total_relation_size(c.oid) as size
                      from pg_class c join pg_namespace n on n.oid = c.relnamespace
                     where c.relkind = 'r' and n.nspname = 'public' order by 2 desc limit 8) t) as largest
""")


def database() -> AnyRow:
    """The size of the database, and its largest tables with their indexes as [name, size]."""
    return db.session.execute(_TABLES).one()


def courses(q: str, sort: str, page: int) -> Page[AnyRow]:
    """Courses that have files, with how much they take; the largest first, or by title."""
    where = [Course.title.icontains(word, autoescape=True) for word in q.split()[:6]]
    # The same bytes are kept once, however often a course has them.
    own = select(CourseAsset.course_id, CourseAsset.file_id).distinct().subquery()
    sums = (
        select(own.c.course_id, func.count().label("files"), func.sum(StoredFile.size).label("size"))
        .join(StoredFile, StoredFile.id == own.c.file_id)
        .group_by(own.c.course_id)
        .subquery()
    )
    total = db.session.scalar(
        select(func.count()).select_from(Course).join(sums, sums.c.course_id == Course.id).where(*where)
    )
    rows = db.session.execute(
        select(
            Course.slug,
            Course.title,
            Course.removed_at,
            User.name.label("owner"),
            sums.c.files,
            sums.c.size,
        )
        .join(sums, sums.c.course_id == Course.id)
        .join(User, User.id == Course.owner_id)
        .where(*where)
        .order_by(func.lower(Course.title) if sort == "title" else sums.c.size.desc(), Course.id)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    return Page(rows, page, total or 0)
